// Names as people, programs and attackers give them.

export const hostile = {
  'a hash': 'd41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e',
  '5,000 letters': 'Donaudampfschifffahrtsgesellschaft'.repeat(148).slice(0, 5000),
  'Hebrew with brackets and Latin': 'קזבלנקה (1942) [Casablanca] 1080p «עם כתוביות»',
  Arabic: 'الليلة (1968) ليلة الموتى الأحياء [HD]',
  Japanese: '千と千尋の神隠し（2001年）【字幕版】'.repeat(12),
  'emoji joined by ZWJ': '👨‍👩‍👧‍👦'.repeat(60),
  HTML: '"><script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'"><b>&amp;',
  'quotes and braces': `'"\`{{ 7*7 }} \${7*7} <!-- --> ]]> \\`,
  'marks that turn text around': 'invoice‮gpj.exe‬ ⁦⁦⁦',
  'a path': '../../../../etc/passwd/'.repeat(40),
};

/** People as the owner may call them: 40 letters at most, and no marks that nobody sees. */
export const people = ['W'.repeat(40), 'قزبلنقة (1942) [Casablanca]', 'Ünïcødé 👧🏽 千尋', '"><b>&amp;'];

/** Enough for two pages of the review list. */
export const REHEARSALS = 30;

/** Files to post: of each name one that nothing is found for, and one that a caption makes part of a film. */
export function posts(film) {
  const names = Object.values(hostile);
  const file = (name, caption, n) => ({ file_name: `${name}.mkv`, caption, size: 1_000_000 + n, mime: 'video/x-matroska' });
  return [
    ...names.map((name, n) => file(name, '', n)),
    ...names.map((name, n) => file(name, film, 100 + n)),
    ...Array.from({ length: REHEARSALS }, (_, n) => file(`Xylophone rehearsal ${n}`, '', 200 + n)),
    { file_name: 'notes.txt', caption: '', size: 300, mime: 'text/plain' },
  ];
}

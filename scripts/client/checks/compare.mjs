// How what was sent and what the core shows are laid side by side.

export const ids = (items) => items.map(({ id }) => id);

/** What Stremio shows of a title. */
export const fields = (item) =>
  ['type', 'name', 'poster', 'background', 'logo', 'description', 'releaseInfo', 'runtime'].map(
    (field) => item[field] ?? null,
  );

export const genresOf = (meta) =>
  meta.links ? meta.links.filter(({ category }) => category === 'Genres').map(({ name }) => name) : (meta.genres ?? []);

export const yearOf = (meta) => String(meta.releaseInfo ?? '').match(/^\d{4}/)?.[0];

/** The same moment, however it is written. */
export const day = (date) => (date ? new Date(date).toISOString() : null);

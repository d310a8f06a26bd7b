//! How captions label their lines: `Title: ...`, `Год: ...`, `片名：...`. Data, and the way a label is looked up in it.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Title,
    Year,
    Season,
    Episode,
    /// Episodes: which ones, or how many there are.
    Episodes,
    Language,
    Subtitles,
    Quality,
    /// Known, and of no use: genre, rating, size.
    Other,
}

#[rustfmt::skip]
const LABELS: [(Field, &str); 9] = [
    (Field::Title, "title,name,file name,filename,file,original title,aka,also known as,название,назва,оригинальное название,título,titulo,título original,nombre,nome,titre,titre original,titel,originaltitel,filmtitel,titolo,titolo originale,tytuł,název,názov,cím,titlu,τίτλος,naslov,заглавие,judul,tajuk,nama,başlık,isim,adı,ismi,العنوان,اسم,الاسم,نام,عنوان,שם,片名,剧名,劇名,名称,名稱,译名,譯名,番名,タイトル,作品名,제목,작품명,ชื่อเรื่อง,ชื่อ,tên,tên phim,tựa,शीर्षक,नाम,নাম,பெயர்,పేరు,പേര്,ಹೆಸರು,නම,নামঃ,pamagat,jina,სათაური,անվանում,nomi,nomli,атауы,ناو,عنوانِ"),
    (Field::Year, "year,release year,released,release,release date,released on,premiere,premiered,air date,aired,год,год выхода,год выпуска,дата выхода,премьера,рік,дата виходу,прем'єра,año,ano,anno,année,annee,date de sortie,jahr,erscheinungsjahr,rok,godina,година,év,tahun,tahun rilis,yıl,yılı,yapım yılı,vizyon tarihi,estreno,lançamento,ano de lançamento,uscita,سنة,السنة,عام,العام,سنة الإنتاج,تاريخ الإصدار,سنة الإصدار,رمضان,سال,سال ساخت,سال تولید,سال انتشار,محصول,שנה,年份,年代,上映,首播,公開,公開年,放送,연도,개봉,방영,năm,ปี,ปีที่ฉาย,वर्ष,साल,বছর,ஆண்டு,సంవత్సరం,വർഷം,ವರ್ಷ,වර්ෂය,έτος,წელი,yil,йил,жыл,жылы,mwaka,taon,ዓመት"),
    (Field::Season, "season,saison,staffel,temporada,stagione,sezon,sezonul,sezona,seizoen,säsong,sæson,sesong,kausi,évad,série č,mùa,phần,musim,сезон,сезонът,маусым,мавсум,mavsum,fasl,mövsüm,الموسم,موسم,الجزء,فصل,עונה,季,第几季,季数,シーズン,시즌,ซีซั่น,ซีซัน,सीज़न,सीजन,সিজন,சீசன்,సీజన్,സീസൺ,ಸೀಸನ್,සමය,σεζόν,κύκλος,სეზონი,msimu,ምዕራፍ,وەرزی"),
    (Field::Episode, "episode,ep,epi,серия,эпизод,выпуск,серія,епізод,еп,episodio,episódio,épisode,folge,odcinek,bölüm,bolum,capitulo,capítulo,cap,aflevering,avsnitt,afsnit,jakso,epizoda,epizód,diel,episodul,rész,επεισόδιο,episod,tập,tập số,الحلقة,حلقة,حلقه,قسمت,قسط,פרק,集,集数,集數,话数,話数,話,에피소드,회차,회,화,ตอน,ตอนที่,एपिसोड,পর্ব,எபிசோட்,ఎపిసోడ్,എപ്പിസോഡ്,ಎಪಿಸೋಡ್,කොටස,ეპიზოდი,სერია,սերիա,qism,бөлім,kısım,qaybta,ክፍል,ئەڵقەی,ئەڵقە"),
    (Field::Episodes, "episodes,eps,total episodes,серии,серий,количество серий,эпизоды,эпизодов,серії,episodios,capítulos,capitulos,episódios,episodi,épisodes,folgen,odcinki,bölümler,bölüm sayısı,afleveringen,jumlah episode,total episode,الحلقات,عدد الحلقات,قسمتها,تعداد قسمت,总集数,全集,số tập,จำนวนตอน,총 회차"),
    (Field::Language, "language,languages,audio,audios,lang,spoken language,spoken languages,dubbed,dub,dubbing,track,tracks,voice,язык,языки,озвучка,озвучення,озвучивание,перевод,переклад,звук,аудио,мова,аудіо,idioma,idiomas,lengua,doblaje,áudio,dublagem,langue,langues,sprache,sprachen,ton,lingua,lingue,język,jazyk,nyelv,limbă,limba,språk,sprog,kieli,taal,bahasa,dil,dili,dublaj,seslendirme,ses,çeviri,لغة,اللغة,لغه,الصوت,صوت,دبلجة,الدبلجة,زبان,زبانها,دوبله,צליל,דיבוב,שפה,语言,語言,配音,音轨,音軌,对白,対応言語,言語,音声,언어,음성,더빙,ภาษา,เสียง,พากย์,भाषा,ऑडियो,ভাষা,অডিও,மொழி,భాష,ഭാഷ,ಭಾಷೆ,භාෂාව,γλώσσα,ენა,լեզու,til,tili,тіл,тілі,забон,ngôn ngữ,âm thanh,thuyết minh,lồng tiếng,wika,lugha,ቋንቋ,زمان,زوان,زبان اصلی,ہندی آڈیو"),
    (Field::Subtitles, "subtitle,subtitles,sub,subs,subtitling,esub,softsub,hardsub,captions,cc,субтитры,сабы,субтитри,subtítulos,subtitulos,subtítulo,legenda,legendas,sous-titres,sous titres,st,untertitel,ut,sottotitoli,napisy,titulky,felirat,subtitrare,subtitrări,undertexter,undertekster,ondertitels,ondertiteling,tekstitys,altyazı,altyazi,sarikata,sari kata,takarir,teks,ترجمة,الترجمة,ترجمه,زیرنویس,ژێرنووس,ژێرنووسی,כתוביות,תרגום,字幕,字幕组,内嵌字幕,자막,ซับ,ซับไทย,คำบรรยาย,phụ đề,उपशीर्षक,সাবটাইটেল,வசன வரிகள்,ഉപശീർഷകം,උපසිරැසි,υπότιτλοι,სუბტიტრები,субтитр,ترجمه و زیرنویس"),
    (Field::Quality, "quality,resolution,video,video quality,print,format,codec,source,rip,encode,version,качество,разрешение,формат,видео,якість,відео,calidad,resolución,qualidade,resolução,qualité,qualite,qualität,qualitaet,auflösung,bild,qualità,risoluzione,jakość,rozdzielczość,kvalita,minőség,calitate,kvalitet,kvalitetas,kvaliteten,kwaliteit,laatu,kualitas,kualiti,resolusi,kalite,kalitesi,çözünürlük,جودة,الجودة,جوده,الدقة,دقة,کیفیت,رزولوشن,کوالیتی,איכות,画质,畫質,清晰度,质量,質量,分辨率,格式,画質,解像度,화질,해상도,ความละเอียด,คุณภาพ,ความคมชัด,गुणवत्ता,क्वालिटी,কোয়ালিটি,মান,தரம்,నాణ్యత,ക്വാളിറ്റി,ಗುಣಮಟ್ಟ,තත්ත්වය,ποιότητα,ხარისხი,որակ,sifat,sifati,сифат,сапасы,keyfiyyət,keyfiyyet,chất lượng,độ phân giải,kalidad,ubora,ጥራት,کوالێتی,quality print"),
    (Field::Other, "genre,genres,category,categories,tag,tags,rating,ratings,rated,score,votes,imdb,imdb rating,rotten tomatoes,size,file size,filesize,duration,runtime,length,run time,director,directed by,directors,writer,writers,screenplay,music,producer,studio,studios,network,cast,casts,stars,star,starring,actors,actor,artist,plot,story,storyline,synopsis,summary,overview,description,about,review,uploader,uploaded by,encoder,encoded by,type,status,country,countries,origin,join,channel,channels,group,backup,request,requests,contact,admin,support,credit,credits,owner,bot,note,notes,link,links,watch online,trailer,password,part,parts,next,previous,views,likes,age,certificate,budget,box office,awards,жанр,жанры,рейтинг,оценка,кинопоиск,кп,рейтинг кп,страна,страны,страна производства,актеры,актёры,в ролях,режиссер,режиссёр,сценарий,описание,сюжет,размер,вес,длительность,продолжительность,время,хронометраж,студия,теги,реклама,канал,возраст,примечание,жанри,країна,режисер,актори,опис,тривалість,розмір,у ролях,género,generos,géneros,genero,gênero,gêneros,reparto,elenco,sinopsis,sinopse,director de,dirección,direção,diretor,país,pais,duración,duração,tamaño,tamano,tamanho,peso,clasificación,classificação,nota,puntuación,valoración,pays,durée,duree,taille,poids,acteurs,réalisateur,réalisation,avec,résumé,note imdb,land,länge,laufzeit,größe,groesse,dauer,regie,darsteller,handlung,beschreibung,bewertung,fsk,genere,paese,durata,dimensione,dimensioni,regia,attori,trama,voto,gatunek,kraj,czas,czas trwania,reżyseria,obsada,opis,ocena,rozmiar,žánr,žáner,délka,režie,hrají,műfaj,hossz,gen,gen film,tür,türü,süre,süresi,oyuncular,yönetmen,konu,konusu,özet,ülke,boyut,puan,imdb puanı,reklam,yapımcı,oyuncu kadrosu,durasi,ukuran,sutradara,pemeran,pemain,sinopsis film,negara,saiz,masa,pengarah,pelakon,tempoh,genre film,kategori,النوع,نوع,التصنيف,تصنيف,التقييم,تقييم,القصة,قصة,قصة الفيلم,المدة,مدة,الحجم,حجم,حجم الملف,المخرج,إخراج,بطولة,البلد,بلد,بلد الإنتاج,الدولة,القناة,قناتنا,رابط,تأليف,ژانر,امتیاز,نمره,مدت,مدت زمان,زمان فیلم,کارگردان,بازیگران,ستارگان,خلاصه,خلاصه داستان,داستان,کشور,محصول کشور,حجم فایل,لینک,کانال,آیدی,ז'אנר,דירוג,אורך,במאי,שחקנים,תקציר,מדינה,גודל,类型,類型,导演,導演,主演,演员,演員,地区,地區,国家,國家,评分,評分,豆瓣,豆瓣评分,简介,簡介,描述,剧情,劇情,片长,片長,时长,時長,大小,文件大小,标签,標籤,编剧,編劇,更新,备注,ジャンル,監督,出演,キャスト,上映時間,時間,容量,あらすじ,장르,감독,출연,배우,시간,용량,줄거리,국가,평점,ประเภท,แนว,ความยาว,ขนาด,ขนาดไฟล์,นักแสดง,ผู้กำกับ,เรื่องย่อ,ประเทศ,คะแนน,thể loại,thời lượng,dung lượng,đạo diễn,diễn viên,quốc gia,nội dung,tóm tắt,đánh giá,kích thước,शैली,अवधि,निर्देशक,कलाकार,कहानी,आकार,रेटिंग,ধরন,সাইজ,পরিচালক,অভিনয়,দৈর্ঘ্য,வகை,இயக்குனர்,நடிகர்கள்,అవధి,దర్శకుడు,ഭാഗം,സംവിധാനം,ප්‍රමාණය,είδος,διάρκεια,σκηνοθέτης,ჟანრი,ქვეყანა,რეჟისორი,ժանր,janr,janri,davlat,davomiyligi,hajmi,ölkə,müddət,жанры мен елі,елі,ұзақтығы,aina,ukubwa,laki,ዘውግ,መጠን"),
];

/// What is posted, in the languages of channels. As a label it announces the title ("Film: ..."), beside another label it
/// says nothing ("Film dili: ...").
#[rustfmt::skip]
const KINDS: &str = "movie,movies,film,films,series,serie,show,shows,tv show,web series,webseries,tv series,drama,kdrama,cdrama,anime,cartoon,donghua,documentary,miniseries,фильм,сериал,мультфильм,мультсериал,аниме,дорама,фильма,сериала,фільм,серіал,мультфільм,película,pelicula,peli,série,filme,novela,telenovela,desenho,dorama,film adı,dizi,filmi,dizisi,filmin,dizinin,animasyon,serial,seriale,seriál,sorozat,sinetron,drakor,phim,phim bộ,phim lẻ,فيلم,الفيلم,مسلسل,المسلسل,أنمي,انمي,برنامج,فیلم,سریال,انیمه,انیمیشن,مستند,سریالی,فلم,ڈرامہ,סרט,סדרה,הסדרה,הסרט,电影,電影,影片,剧集,劇集,电视剧,電視劇,动漫,動漫,动画,映画,ドラマ,アニメ,영화,드라마,애니,หนัง,ซีรีส์,ละคร,การ์ตูน,फिल्म,मूवी,सीरीज,धारावाहिक,সিনেমা,মুভি,নাটক,ছবি,সিরিজ,படம்,திரைப்படம்,తెలుగు సినిమా,సినిమా,സിനിമ,ചിത്രം,ಚಿತ್ರ,චිත්‍රපටය,ταινία,σειρά,ფილმი,სერიალი,ֆիլմ,kino,filmning,serialning,кино,фильмнинг,pelikula,teleserye,filamu,tamthilia,ፊልም,ድራማ,فیلمی,زنجیرەی,دراما";

/// What is to be done with a film, ahead of the word for it: `دانلود فیلم ...`, `Watch movie ...`, `Смотреть сериал ...`.
const CALLS: &str = "watch,download,stream,nonton,xem,izle,смотреть,скачать,дивитися,assistir,baixar,ver,descargar,voir,regarder,شاهد,مشاهدة,تحميل,مشاهده,دانلود,تماشای,معرفی,观看,下载,다시보기,ดู";

/// Words that join a label's words.
const GLUE: &str = "of,the,a,in,and,full,new,da,de,do,del,della,dei,des,du,la,le,el,il,lo,der,die,das,e,y,et,و,by,на,и";

/// A label's entry: a field of its own, a kind of work, or a word between.
#[derive(Clone, Copy, PartialEq)]
enum Word {
    Field(Field),
    Kind,
    Call,
    Glue,
}

static INDEX: LazyLock<HashMap<String, Word>> = LazyLock::new(|| {
    let mut index = HashMap::new();
    let lists = LABELS.iter().map(|(field, words)| (Word::Field(*field), *words));
    for (word, list) in lists.chain([(Word::Kind, KINDS), (Word::Call, CALLS), (Word::Glue, GLUE)]) {
        for label in list.split(',') {
            index.entry(fold(label)).or_insert(word);
        }
    }
    index
});

/// No label has more letters.
const LONGEST: usize = 32;

/// The field that a label names, alone or with the words around it: `Audio Language`, `Título da série`, `Film Adı`.
pub fn field(label: &str) -> Option<Field> {
    let label = label.trim();
    if label.is_empty() || label.chars().nth(LONGEST).is_some() {
        return None;
    }
    let label = fold(label);
    match INDEX.get(label.as_str()) {
        Some(Word::Field(field)) => return Some(*field),
        Some(Word::Kind) => return Some(Field::Title),
        Some(Word::Glue | Word::Call) => return None,
        None => {}
    }
    let mut found = None;
    let mut is_kind = false;
    for word in label.split([' ', '/', '|', '-', '.', ',', '(', ')', '&']).filter(|w| !w.is_empty()) {
        match INDEX.get(word)? {
            // "Video quality", "Movie language", "Title (year)": the first field that is no title.
            Word::Field(field) if found.is_none() || found == Some(Field::Title) => found = Some(*field),
            Word::Kind => is_kind = true,
            Word::Field(_) | Word::Glue | Word::Call => {}
        }
    }
    found.or(is_kind.then_some(Field::Title))
}

/// What follows the words that announce a title: `دانلود فیلم X`, `หนัง X`, `Download Movie X`. A kind alone announces only in
/// scripts other than the Latin one, where titles begin with the same words ("Film Stars", "Series 7").
pub fn announced(line: &str) -> Option<&str> {
    let (first, rest) = line.split_once(' ')?;
    let word = |word: &str| INDEX.get(fold(word).as_str()).copied();
    let (is_called, kind, rest) = match word(first)? {
        Word::Call => rest.split_once(' ').map(|(kind, rest)| (true, kind, rest))?,
        _ => (false, first, rest),
    };
    let is_kind = word(kind) == Some(Word::Kind) && (is_called || !kind.starts_with(|c: char| c < '\u{530}'));
    let rest = rest.trim_start();
    (is_kind && rest.starts_with(|c: char| !c.is_numeric() && c != ':')).then_some(rest)
}

/// A word as it is looked up: in lower case, without accents, Arabic letters in one of their spellings.
pub fn fold(word: &str) -> String {
    word.chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter_map(|c| match c {
            '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{200c}' | '\u{200d}' => None,
            'ı' => Some('i'),
            'ی' | 'ى' => Some('ي'),
            'ک' => Some('ك'),
            'ة' => Some('ه'),
            '_' | '\u{a0}' => Some(' '),
            c => Some(c),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_announced() {
        for (line, want) in [
            ("دانلود فیلم Salt Road 2023", Some("Salt Road 2023")),
            ("شاهد فيلم الملح", Some("الملح")),
            ("หนัง ทางเกลือ", Some("ทางเกลือ")),
            ("Watch movie Salt Road", Some("Salt Road")),
            ("Film Stars", None),
            ("Watch Salt Road", None),
            ("فيلم 300", None),
            ("Movie", None),
        ] {
            assert_eq!(announced(line), want, "{line}");
        }
    }

    #[test]
    fn a_label_is_known_with_the_words_around_it() {
        for (label, want) in [
            ("Title", Some(Field::Title)),
            ("Film Adı", Some(Field::Title)),
            ("Título da série", Some(Field::Title)),
            ("اسم المسلسل", Some(Field::Title)),
            ("نام سريال", Some(Field::Title)),
            ("Movie", Some(Field::Title)),
            ("Movie Language", Some(Field::Language)),
            ("Filmin Dili", Some(Field::Language)),
            ("Video Quality", Some(Field::Quality)),
            ("AÑO", Some(Field::Year)),
            ("Год выхода", Some(Field::Year)),
            ("Sous-titres", Some(Field::Subtitles)),
            ("Genero", Some(Field::Other)),
            ("Joker", None),
            ("Mission", None),
            ("The", None),
            ("", None),
        ] {
            assert_eq!(field(label), want, "{label}");
        }
    }
}

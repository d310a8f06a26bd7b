//! How captions label their lines: `Title: ...`, `Год: ...`, `片名：...`. Data only.

/// What a label announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Title,
    Year,
    Season,
    Episode,
    Language,
    Subtitles,
    Quality,
    /// Known, and of no use: genre, rating, size.
    Other,
}

#[rustfmt::skip]
const LABELS: [(Field, &str); 8] = [
    (Field::Title, "title,name,movie,film,movie name,film name,series name,show name,series,show,anime,drama,original title,title name,название,фильм,сериал,título,titulo,título original,nombre,película,pelicula,serie,filme,série,nome,titre,titel,filmtitel,titolo,tytuł,judul,yapım,dizi,فيلم,اسم الفيلم,مسلسل,اسم المسلسل,العنوان,الاسم,نام,نام فیلم,عنوان,片名,剧名,劇名,名称,名稱,译名,タイトル,作品名,제목,ชื่อเรื่อง,फिल्म,नाम,படம்"),
    (Field::Year, "year,release year,released,release date,release,год,год выхода,рік,año,ano,anno,année,annee,jahr,rok,tahun,yıl,yil,yapım yılı,سنة,السنة,سنة الإنتاج,سال,年份,年代,上映,公開,연도,năm,ปี,वर्ष"),
    (Field::Season, "season,сезон,temporada,saison,staffel,stagione,sezon,seizoen,الموسم,موسم,فصل,季,第几季"),
    (Field::Episode, "episode,ep,episodes,серия,эпизод,серії,episodio,episódio,épisode,folge,odcinek,bölüm,bolum,capitulo,capítulo,aflevering,الحلقة,حلقة,قسمت,集数,集"),
    (Field::Language, "language,languages,audio,audios,lang,audio language,spoken language,язык,озвучка,перевод,мова,idioma,idiomas,áudio,langue,langues,sprache,lingua,język,bahasa,dil,dublaj,لغة,اللغة,زبان,语言,語言,配音,언어,ภาษา,भाषा,மொழி"),
    (Field::Subtitles, "subtitle,subtitles,sub,subs,субтитры,субтитри,subtítulos,subtitulos,legenda,legendas,sous-titres,sous titres,untertitel,sottotitoli,napisy,altyazı,altyazi,ترجمة,الترجمة,زیرنویس,字幕,자막,ซับ"),
    (Field::Quality, "quality,resolution,качество,якість,calidad,qualidade,qualité,qualite,qualität,qualitaet,qualità,jakość,kualitas,kalite,print,format,video,codec,source,جودة,الجودة,کیفیت,画质,畫質,清晰度,화질"),
    (Field::Other, "genre,genres,rating,imdb,imdb rating,size,duration,runtime,director,cast,stars,starring,plot,story,storyline,uploader,type,status,country,join,channel,file name,filename,file size,link,жанр,рейтинг,страна,актеры,актёры,режиссер,режиссёр,описание,género,genero,gênero,reparto,elenco,sinopsis,sinopse,pays,land,regie,tür,oyuncular,النوع,التقييم,القصة,类型,類型,导演,導演,主演,地区,评分,简介"),
];

/// The field that a label names; the label is in lower case.
pub fn field(label: &str) -> Option<Field> {
    LABELS.iter().find(|(_, words)| words.split(',').any(|word| word == label)).map(|(field, _)| *field)
}

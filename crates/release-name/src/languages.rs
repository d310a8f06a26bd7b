//! The languages of films: how names and captions write them, as names, three-letter and two-letter words.
//!
//! Full names count where the title has ended; short codes are words of other languages too ("it", "no"), so they count
//! only deep in the technical part and in capitals, which the passes check.

/// ISO 639-1 code, names, short forms.
#[rustfmt::skip]
pub const LANGUAGES: &[(&str, &str, &str)] = &[
    ("en", "英语,英語,英文,english,englis,inglês,ingles,inglés,anglais,englisch,inglese,английский,английские,ingilizce,İngilizce,английська,англійська,англ,angielski,anglicky,engleza,inggris,bahasa inggris,tiếng anh,انجليزي,انجليزية,الإنجليزية,الانجليزية,إنجليزي,انگلیسی,אנגלית,영어,อังกฤษ,เสียงอังกฤษ,अंग्रेज़ी,अंग्रेजी,इंग्लिश,ইংরেজি,ইংলিশ,ஆங்கிலம்,ఇంగ్లీష్,ഇംഗ്ലീഷ്,ಇಂಗ್ಲಿಷ್,ඉංග්‍රීසි,αγγλικά,ინგლისური,inglizcha,ingilis,انگریزی", "eng,en,ing,engl"),
    ("hi", "hindustani,hindi,हिंदी,हिन्दी,हिंदी डब,хинди,hintçe,हिन्दी डब,هندي,الهندية,هندی,হিন্দি,ஹிந்தி,హిందీ,ഹിന്ദി,ಹಿಂದಿ,හින්දි,ہندی,힌디어,印地语", "hin,hind,hi"),
    ("ta", "tamil,தமிழ்,тамильский,தமிழ் டப்,तमिल,তামিল,తమిళం,തമിഴ്,ತಮಿಳು,දෙමළ,تاميل,تامیلی", "tam,ta"),
    ("te", "telugu,తెలుగు,telegu,तेलुगु,телугу,তেলুগু,தெலுங்கு,തെലുങ്ക്,ತೆಲುಗು", "tel,te"),
    ("ml", "malayalam,മലയാളം,मलयालम,மலையாளம்,మలయాళం,ಮಲಯಾಳಂ", "mal,mal"),
    ("kn", "kannada,ಕನ್ನಡ,कन्नड़,கன்னடம்,కన్నడ,കന്നഡ", "kan,kn"),
    ("mr", "marathi,मराठी", "mar"),
    ("bn", "bengali,bangla,বাংলা,бенгальский,बंगाली,বাংলা ডাবিং,bangla dubbed", "ben,bn"),
    ("pa", "punjabi,panjabi,ਪੰਜਾਬੀ,पंजाबी,پنجابی", "pun,pan,pb"),
    ("gu", "gujarati,ગુજરાતી", "guj"),
    ("or", "odia,oriya", "ori"),
    ("as", "assamese", ""),
    ("ur", "urdu,اردو,उर्दू", "urd"),
    ("bho", "bhojpuri", "bho"),
    ("ne", "nepali,नेपाली", "nep"),
    ("si", "sinhala,සිංහල,sinhalese", "sin"),
    ("ar", "مدبلج,مدبلجة,arabic,arab,árabe,arabe,عربي,العربية,арабский,arapça,عربية,العربيه,عربی,بالعربي,arabisch,arab dubbed,ערבית,아랍어,阿拉伯语", "ara,ar"),
    ("fa", "دوبله فارسی,دوبله,persian,farsi,فارسی,زبان فارسی,فارسي,персидский,farsça,دوبله پارسی", "per,fas"),
    ("he", "מדובב,מדובב לעברית,hebrew,עברית,иврит,ivrit", "heb,he"),
    ("tr", "türkçe dublaj,turkce dublaj,tr dublaj,turkish,turco,turc,türkisch,türkçe,turkce,турецкий,турецька,تركي,التركية,تركية,ترکی,ترکی استانبولی,tiếng thổ,튀르키예어,土耳其语,טורקית,turkcha", "tur,tr,turk"),
    ("fr", "french,французский,französisch,truefrench,francais,français,vff,vfq,vfi,vf2,vf,francese,francés,frances,французька,fransızca,francuski,francês,franceza,فرنسي,الفرنسية,فرانسوی,불어,프랑스어,法语,法語,צרפתית,γαλλικά,ფრანგული,फ्रेंच,prancis", "fre,fra,fr,vof,vo"),
    ("de", "german,deutsch,tedesco,swissgerman,swiss german,немецкий,alemán,aleman,allemand,німецька,almanca,niemiecki,alemão,alemao,duits,ألماني,الماني,آلمانی,독일어,德语,德語,γερμανικά,გერმანული,jerman", "ger,deu,de"),
    ("it", "italian,italiano,italien,italienisch,итальянский,ita,італійська,italyanca,İtalyanca,włoski,إيطالي,ايطالي,ایتالیایی,이탈리아어,意大利语,ιταλικά", "it,itali"),
    ("es", "spanish,испанский,spanisch,espagnol,espanol,español,castellano,audio latino,audio castellano,audio español,audio espanol,latino,spanish latino,spanish castellano,espanol latino,español latino,esp,spa,latin,castellan,spagnolo,castilian,испанська,іспанська,ispanyolca,İspanyolca,hiszpański,espanhol,إسباني,اسباني,الاسبانية,اسپانیایی,스페인어,西班牙语,ισπανικά,ესპანური,spanyol", "es,sp,cast,lat,esla"),
    ("ca", "catalan,català,catalán,catala", "cat"),
    ("eu", "basque,euskera", "eus"),
    ("gl", "galician,gallego", "glg"),
    ("pt", "portugues br,português br,portuguese brazil,portugais,portuguese,portuguesa,portugues,português,brazilian,pt br,ptbr,dublado,nacional,brazilian portuguese,portuguese br,португальский,portekizce,portugalski,portugiesisch,برتغالي,پرتغالی,포르투갈어,葡萄牙语", "por,pt,port,br"),
    ("ru", "дубляж,дублированный,russian,русский,рус,російська,русская,русском,на русском,рус озвучка,русская озвучка,rusça,rosyjski,ruso,russe,russisch,روسي,الروسية,روسی,러시아어,俄语,俄語,რუსული,ռուսերեն,rus tilida,ruscha,орысша,русский дубляж,русские", "rus,ru"),
    ("uk", "ukrainian,українська,українською,український,укр,украинский,украинская,україномовна,ukraiński", "ukr,ua"),
    ("be", "belarusian", "bel"),
    ("pl", "polish,polski,dubpl,lekpl,pldub,lektor pl,dubbingpl,lektorpl,dubbing pl,polska,lektor i napisy pl,польский,po polsku", "pl,pol"),
    ("cs", "cz dabing,český dabing,czech,cesky,česky,czdub,čeština,čestina", "cze,ces,cz,cs"),
    ("sk", "sk dabing,slovenský dabing,slovak,slovensky", "slo,svk,slk,sk"),
    ("hu", "hungarian,magyar,hundub,magyarul,magyar szinkron", "hun,hu"),
    ("ro", "romanian,romana,română,limba română", "rum,ron,ro,rom"),
    ("bg", "bulgarian,bgaudio,bg audio,български,болгарский", "bul,bg"),
    ("sr", "serbian,srpski,српски", "srp,sr"),
    ("hr", "croatian,hrvatski", "hrv,cro"),
    ("bs", "bosnian", "bos"),
    ("sl", "slovenian,slovene", "slv"),
    ("mk", "macedonian,македонски", "mkd"),
    ("sq", "albanian,shqip", "alb"),
    ("el", "greek,ελληνικά", "gre,ell,gr"),
    ("nl", "dutch,flemish,nederlands", "dut,nld,nl,vlaams"),
    ("da", "danish,dansk,danska", "dan,dk"),
    ("sv", "swedish,svenska,svensk,swe", "se,sv"),
    ("no", "norwegian,norsk,bokmal,bokmål", "nor,nob"),
    ("fi", "finnish,finsk,suomi", "fin,fi"),
    ("is", "icelandic", "ice"),
    ("et", "estonian", "est,ee"),
    ("lv", "latvian", "lav,lv"),
    ("lt", "lithuanian", "lit,lt"),
    ("ka", "georgian,ქართული,ქართულად,грузинский", "geo,kat,ka"),
    ("az", "azerbaijani,azerbaijan,azeri,azərbaycan,azərbaycan dilində,azərbaycanca,азербайджанский", "aze"),
    ("uz", "uzbek,uzbekistan,o'zbek,o‘zbek,o'zbek tilida,o‘zbek tilida,ozbek tilida,uzbek tilida,o'zbekcha,ozbekcha,uzbekcha,ўзбек,ўзбекча,узбекский", "uzb"),
    ("ky", "kyrgyz,кыргызча,кыргыз тилинде", ""),
    ("tg", "tajik,тоҷикӣ,таджикский", ""),
    ("my", "burmese,မြန်မာ,မြန်မာဘာသာ", ""),
    ("lo", "lao,ລາວ,ພາກໄທ", ""),
    ("gom", "konkani", ""),
    ("mai", "maithili", ""),
    ("bgc", "haryanvi", ""),
    ("ga", "irish gaelic", ""),
    ("cy", "welsh", ""),
    ("yi", "yiddish", ""),
    ("mt", "maltese", ""),
    ("ku", "kurdish,کوردی,کوردى,kurdî,kurdish sorani,دۆبلاژی کوردی,دۆبلاژ کوردی", "kur"),
    ("am", "amharic,አማርኛ,በአማርኛ,ትርጉም በአማርኛ", ""),
    ("zu", "zulu", ""),
    ("yo", "yoruba", ""),
    ("hy", "armenian,հայերեն", "arm"),
    ("kk", "kazakh,қазақ,қазақша,қазақ тілінде,казахский,qazaqsha", "kaz"),
    ("mn", "mongolian,монгол,монгол хэлээр", "mon"),
    ("rm", "romansh,romansch,rumantsch", ""),
    ("ja", "japanese,japonés,japones,японский,日本語,japonais,giapponese,японский,日語,日语,日文,日配,японська,japonca,japoński,japonês,japanisch,ياباني,اليابانية,ژاپنی,일본어,ญี่ปุ่น,เสียงญี่ปุ่น,jepang,tiếng nhật,ιαπωνικά,იაპონური,日本语,جاپانی", "jpn,jap,ja,jp"),
    ("ko", "korean,coreano,coréen,한국어,корейский,韩语,韓語,韩文,корейська,korece,koreański,koreanisch,كوري,الكورية,کره ای,کره‌ای,เกาหลี,เสียงเกาหลี,bahasa korea,tiếng hàn,κορεατικά,კორეული,کوریائی,कोरियन", "kor,ko,kr"),
    ("zh", "chino,chinois,chinesisch,китайский,chinese,mandarin,cantonese,中文,国语,國語,粤语,粵語,国粤双语,国粤,国语音轨,国语配音,国配,國語配音,普通话,汉语,中文配音,китайська,çince,chiński,chinês,chinés,صيني,الصينية,چینی,중국어,จีน,เสียงจีน,tiếng trung,tiếng quảng,mandarim", "chi,zho,ch,zh,cn,chn"),
    ("th", "thai,พากย์ไทย,เสียงไทย,泰语,тайский,تايلندي,تایلندی,태국어,พากไทย,tiếng thái", "tha,th"),
    ("vi", "thuyết minh,lồng tiếng,vietnamese,tiếng việt,вьетнамский", "vie,vn,viet"),
    ("id", "indonesian,indonesia,bahasa indonesia,indo,bahasa indo,индонезийский", "ind"),
    ("ms", "malay,melayu,bahasa melayu,bahasa malaysia,malay dub", "may,msa,bm"),
    ("tl", "filipino,tagalog,pilipino", "fil,tgl"),
    ("km", "khmer,ខ្មែរ,និយាយខ្មែរ", ""),
    ("sw", "swahili,kiswahili", ""),
    ("af", "afrikaans", ""),
];

/// Words that say "subtitles in" by themselves; no language where it is not said.
pub const SUBTITLE_WORDS: &[(&str, &str)] = &[
    (
        "en",
        "esub,esubs,e sub,e subs,engsub,engsubs,ensubbed,ensub,ensubs,subeng,ซับอังกฤษ,英字,english sub,english subs,eng sub,eng subs",
    ),
    (
        "",
        "msub,msubs,m subs,multisub,multisubs,multi sub,multi subs,multiple subs,multiple subtitle,multi subtitles,multiple subtitles",
    ),
    ("fr", "vostfr,subfrench,vost,stfr,frsub,frsubs,subfr"),
    ("it", "subita,itasub,itasubs"),
    ("sv", "swesub,swesubs"),
    ("da", "dksub,dksubs"),
    ("no", "norsub,norsubs"),
    ("nl", "nlsubs,nlsubbed,nlsub"),
    ("es", "sub español,sub espanol,subespañol,subtitulada,subesp,vose,spasub"),
    ("pl", "napisypl,plsub,plsubs,plsubbed"),
    ("ru", "rusub,rusubs,russub,русские субтитры,субтитры ru"),
    ("he", "hebsub,hebsubs,תרגום מובנה,כתוביות בעברית"),
    ("fi", "finsub,finsubs"),
    ("ro", "rosub,rosubs,rosubbed"),
    ("hu", "hunsub,hunsubs"),
    ("el", "grsub,grsubs,greeksubs"),
    ("pt", "legendado,legendas,legendado pt,ptsub,ptsubs,legendado pt br"),
    ("uk", "ukrsub,uasub"),
    ("cs", "czsub,cz tit"),
    ("vi", "vietsub,phụ đề việt,phụ đề tiếng việt"),
    ("ar", "arsub,arabsub,مترجم للعربية,مترجم عربي,مترجمة للعربية,مترجم بالعربية,ترجمة عربية,مترجم كامل"),
    ("id", "sub indo,subindo,indosub,indo sub"),
    ("fa", "زیرنویس فارسی,زیرنویس,زیرنویس چسبیده,زیرنویس چسبیده فارسی,زیرنویس پارسی,با زیرنویس فارسی"),
    ("tr", "trsub,turksub,altyazılı,altyazili,türkçe altyazılı,tr altyazı,altyazı,türkçe altyazı"),
    ("ko", "korsub,korsubs,한글자막,한국어자막,자막"),
    ("th", "ซับไทย,บรรยายไทย,ซับ ไทย"),
    ("ja", "日文字幕,日语字幕"),
    (
        "zh",
        "chs,cht,gb,big5,简体,簡體,繁体,繁體,简中,繁中,简繁,簡繁,简体中文,繁体中文,繁體中文,中字,中文字幕,字幕,简体字幕,繁体字幕,繁體字幕,简繁字幕,简繁内封,簡繁內封,简繁外挂,简繁内封字幕,简繁外挂字幕,简体内嵌,繁体内嵌,繁體內嵌,简体内封,繁体内封,简体双语,中文内嵌",
    ),
    (
        "zh ja",
        "中日双语,中日双语字幕,中日字幕,中日双字,简日,繁日,简日双语,繁日双语,簡日雙語,繁日雙語,简日内嵌,繁日内嵌,简繁日,简繁日内封,简繁日内封字幕,简繁日双语,简日双语字幕,繁日双语字幕,jpsc,jptc,scjp,tcjp,chs_jp,cht_jp",
    ),
    (
        "zh en",
        "中英,中英双语,中英双语字幕,中英字幕,中英双字,双语字幕,双语,简英,简英双语,繁英双语,简英双语字幕,简繁英双语",
    ),
    ("zh ko", "中韩双语,中韩双字,中韩字幕"),
    ("ms", "malaysub,malaysubs,malay sub,submalay,sub malay,sari kata melayu,sarikata melayu"),
    ("si", "සිංහල උපසිරැසි,sinhala sub,sinhala subs,sinhala subtitle"),
    ("my", "မြန်မာစာတန်းထိုး,myanmar sub,myanmar subtitle,စာတန်းထိုး"),
    ("ku", "ژێرنووسی کوردی,ژێرنوسی کوردی"),
    ("uz", "uzsub"),
    ("bn", "বাংলা সাবটাইটেল,bangla sub,bsub"),
    ("sl", "slosub,slosubs"),
];

/// Flags that stand for a language in lists of tracks. Countries of many languages (India, Switzerland) have none here.
#[rustfmt::skip]
const FLAGS: &[(&str, &str)] = &[
    ("en", "GB US AU"), ("ar", "SA EG AE SY IQ"), ("fa", "IR"), ("he", "IL"), ("tr", "TR"), ("fr", "FR"), ("de", "DE AT"), ("it", "IT"),
    ("es", "ES MX AR CO"), ("pt", "BR PT"), ("ru", "RU"), ("uk", "UA"), ("pl", "PL"), ("cs", "CZ"), ("sk", "SK"), ("hu", "HU"), ("ro", "RO"),
    ("bg", "BG"), ("sr", "RS"), ("hr", "HR"), ("el", "GR"), ("nl", "NL"), ("da", "DK"), ("sv", "SE"), ("no", "NO"), ("fi", "FI"), ("ka", "GE"),
    ("az", "AZ"), ("uz", "UZ"), ("kk", "KZ"), ("ja", "JP"), ("ko", "KR"), ("zh", "CN TW HK"), ("th", "TH"), ("vi", "VN"), ("id", "ID"), ("ms", "MY"),
    ("km", "KH,អក្សររត់ខ្មែរ"), ("my", "MM"), ("ur", "PK"), ("bn", "BD"), ("am", "ET"),
];

/// The languages of a value that is written in flags: `🇮🇹 🇬🇧`.
pub fn of_flags(value: &str) -> Vec<String> {
    let letter = |c: char| u32::from(c).checked_sub(0x1_f1e6).filter(|n| *n < 26).and_then(|n| char::from_u32(n + 65));
    let mut codes = Vec::new();
    let mut first = None;
    for c in value.chars() {
        let Some(second) = letter(c) else {
            first = None;
            continue;
        };
        let Some(first) = first.take() else {
            first = Some(second);
            continue;
        };
        let country = String::from_iter([first, second]);
        let code =
            FLAGS.iter().find(|(_, countries)| countries.split(' ').any(|c| c == country)).map(|(code, _)| *code);
        codes.extend(code.map(str::to_owned).filter(|code| !codes.contains(code)));
    }
    codes
}

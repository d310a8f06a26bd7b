# हिन्दी

language-name = हिन्दी
on = चालू
off = बंद

## Coming in

welcome =
    { $name }, आपका स्वागत है।

    यहाँ खोजने के लिए किसी फ़िल्म या सीरीज़ का नाम लिखें, या सब कुछ Stremio में देखें।
welcome-owner = कोई फ़िल्म या एपिसोड अपने चैनल में फ़ॉरवर्ड करें, और वह पल भर में Stremio में दिखने लगेगा।
welcome-files = मुझे कोई भी फ़ाइल भेजें या फ़ॉरवर्ड करें, और आपको उसका लिंक मिल जाएगा।
welcome-install =
    Stremio में इंस्टॉल करें:
    { $link }

    यह लिंक सिर्फ़ आपका है: यह जिसके पास होगा, वह आपके नाम से देखेगा।
only-this-machine = ये लिंक सिर्फ़ उसी मशीन पर खुलते हैं जिस पर Cinepost चल रहा है; दूसरी मशीनों से उस तक पहुँचने के लिए BASE_URL सेट करें।
stranger =
    यह Cinepost है, एक Telegram चैनल से बना सिनेमाघर।

    यह किसी और का है; उनसे न्योता माँगें।
stranger-no-owner =
    यह Cinepost है, एक Telegram चैनल से बना सिनेमाघर।

    अगर यह आपका है: OWNER_ID को { $id } पर सेट करें, फिर आपको यहाँ बताया जाएगा कि क्या जोड़ा गया और कहाँ आपकी ज़रूरत है, और आपको अंदर आने दिया जाएगा।
join-waits = किसी की मंज़ूरी मिलते ही आपको अंदर आने दिया जाएगा; तब आपको यहीं ख़बर मिलेगी।
barred = यह खाता यहाँ नहीं आ सकता।
must-join = पहले इनमें शामिल हों, फिर इनके नीचे का बटन दबाएँ।
button-joined = मैंने जॉइन कर लिया
button-install = Stremio में इंस्टॉल करें
button-page = अपना पेज खोलें
button-review = जाँच-सूची खोलें

## Help

help = लाइब्रेरी में खोजने के लिए कोई नाम लिखें। इसके अलावा मुझे ये कमांड पता हैं:
help-start = आपके लिंक
help-help = यह सूची
help-search = लाइब्रेरी में खोजें
help-myfiles = आपकी फ़ाइलें; आगे शब्द लिखें तो उस नाम की फ़ाइलें
help-folders = आपके फ़ोल्डर
help-newfolder = नया फ़ोल्डर बनाएँ
help-file = नंबर से कोई फ़ाइल देखें
help-rename = फ़ाइल का नाम बदलें, उसके जवाब में
help-delete = फ़ाइल मिटाएँ, उसके जवाब में
help-link = फ़ाइल के जवाब में: उसका लिंक; संख्या के साथ: वहाँ से आगे उतनी फ़ाइलों के लिंक
help-web = आपका पेज, बिना पासवर्ड के
help-stats = आपके आँकड़े
help-settings = भाषा, इतिहास, ख़बरें
help-status = लाइब्रेरी का हाल
help-log = लॉग का आख़िरी हिस्सा फ़ाइल में, बिना रहस्यों के; संख्या के साथ: उतनी पंक्तियाँ
help-users = वे सब, जिन्हें यहाँ आने की अनुमति है
help-invite = किसी को न्योता दें
help-ban = किसी को बाहर रखें
help-unban = किसी को फिर से आने दें
help-broadcast = ख़बरें चाहने वाले सब लोगों को लिखें: आगे अपने शब्द, या भेजे जाने वाले संदेश के जवाब में
help-cancel = शुरू की गई बात वापस लें: मेरा सवाल, सबको भेजा जा रहा संदेश
unknown-command = मुझे /{ $word } नहीं पता। जो पता है, वह /help में है।
not-allowed = आपको यहाँ इसकी अनुमति नहीं है।
no-database = डेटाबेस तक अभी पहुँचा नहीं जा सकता; एक मिनट बाद फिर कोशिश करें।
telegram-failed = Telegram से अभी यह नहीं हो पाया; एक मिनट बाद फिर कोशिश करें।
cannot = यह नहीं हो सकता: { $why }।
button-old = यह बटन बहुत पुराना है, या कभी मेरा था ही नहीं।
button-back = ‹ वापस

## Their page, what they choose, their figures

web = यह बटन आपका पेज खोलता है, सिर्फ़ एक बार, { $minutes } मिनट के अंदर।
web-guest = आपके लिंक:
settings = मैं किस भाषा में बात करूँ, और मुझे क्या-क्या करने की अनुमति है?
button-history = देखा हुआ याद रखें: { $state }
button-news = ख़बरें: { $state }
button-erase-history = मेरा इतिहास मिटाएँ
history-erase = आपके देखे हुए का जो कुछ याद रखा गया है, वह सब मिट जाएगा। क्या पक्का मिटाना है?
history-erased = इतिहास मिटा दिया गया।
button-erase = मिटाएँ
stats-person = { $role }, { $since } से यहाँ
stats-expires = यहाँ आने की अनुमति { $when } को ख़त्म होगी।
stats-files =
    { $count ->
        [0] अभी कोई फ़ाइल नहीं
        [one] एक फ़ाइल, { $size }
       *[other] { $count } फ़ाइलें, { $size }
    }
stats-library =
    लाइब्रेरी: { $films ->
        [one] { $films } फ़िल्म
       *[other] { $films } फ़िल्में
    }, { $series } सीरीज़, { $files ->
        [one] { $files } फ़ाइल
       *[other] { $files } फ़ाइलें
    }।
status-pending =
    { $count ->
        [one] { $count } फ़ाइल की जानकारी खोजी जा रही है।
       *[other] { $count } फ़ाइलों की जानकारी खोजी जा रही है।
    }
status-review =
    { $count ->
        [one] { $count } फ़ाइल जाँचनी है।
       *[other] { $count } फ़ाइलें जाँचनी हैं।
    }
status-waiting =
    { $count ->
        [one] { $count } व्यक्ति अंदर आने के इंतज़ार में है: /users
       *[other] { $count } लोग अंदर आने के इंतज़ार में हैं: /users
    }

## Search

search-how = जो खोजना है वह लिखें, जैसे: /search night of the living dead
search-found = “{ $words }” के लिए:
search-nothing = यहाँ “{ $words }” नाम का कुछ नहीं है।
title-gone = यह टाइटल अब यहाँ नहीं है।
title-no-files = इसकी फ़ाइलें अब यहाँ नहीं हैं।
season = सीज़न { $number }
button-watch = देखें

## Files

files-top = आपकी फ़ाइलें
files-none = यहाँ अभी कुछ नहीं है। मुझे कोई भी फ़ाइल भेजें या फ़ॉरवर्ड करें।
files-found =
    { $count ->
        [one] { $count } फ़ाइल:
       *[other] { $count } फ़ाइलें:
    }
files-not-found = आपकी किसी फ़ाइल का नाम “{ $words }” नहीं है।
file-number = नं. { $number }
file-in-folder = { $path } में
file-ends = लिंक { $when } को ख़त्म होगा।
file-ended = लिंक ख़त्म हो चुका है। अगर नई अवधि न दी जाए तो फ़ाइल { $when } को हटा दी जाएगी।
file-most = { $count } डाउनलोड के लिए।
file-has-password = पासवर्ड के साथ।
file-served = { $downloads } बार डाउनलोड हुई, { $streams } बार चलाई गई।
file-new-name = “{ $name }” का नाम क्या हो? नया नाम लिखें।
file-new-password = “{ $name }” कौन-सा पासवर्ड माँगे? कम से कम चार अक्षरों का पासवर्ड लिखें, और बाद में अपना संदेश मिटा दें।
file-expiry = लिंक कब ख़त्म हो? अगर नई अवधि न दी जाए तो उसके { $days } दिन बाद फ़ाइल हटा दी जाएगी।
file-limits = अब से इसे कितनी बार डाउनलोड किया जा सके?
file-delete = फ़ाइल और उसका लिंक सबके लिए मिट जाएँगे। क्या पक्का मिटाना है?
file-deleted = “{ $name }” को मिटा दिया गया।
file-where = इसे कहाँ ले जाएँ?
file-how = आगे किसी फ़ाइल का नंबर लिखें, जैसे: /file 12
rename-how = अपनी भेजी हुई फ़ाइल के जवाब में /rename और नया नाम लिखें, या पहले उसका नंबर लिखें: /rename 12 नया नाम
delete-how = अपनी भेजी हुई फ़ाइल के जवाब में /delete लिखें, या उसका नंबर लिखें: /delete 12
link-how = फ़ाइल वाले किसी संदेश के जवाब में /link लिखें, या उसके और उसके बाद की फ़ाइलों के लिए /link 5 लिखें (ज़्यादा से ज़्यादा 50)।
link-no-files = जिसका आपने जवाब दिया, उसमें कोई फ़ाइल नहीं है।
file-protected = जिसने यह फ़ाइल पोस्ट की, उसने इसे कॉपी करने की अनुमति नहीं दी है।
file-type-refused = मालिक यहाँ इस प्रकार की फ़ाइलें नहीं लेता: { $type }।
file-scanning = पहले स्कैनर इसे देख रहा है। इसमें एक मिनट लग सकता है …
file-scan-refused = स्कैनर ने इस फ़ाइल को अस्वीकार किया।
file-scan-refused-because = स्कैनर ने इस फ़ाइल को अस्वीकार किया: { $why }
file-not-scanned = स्कैनर इस फ़ाइल को नहीं देख सका, इसलिए यह नहीं रखी गई। बाद में फिर कोशिश करें; कारण मालिक को लॉग में मिलेगा।
file-is-clean = स्कैनर को इसमें कुछ नहीं मिला।
file-is-unscanned = स्कैनर इसे नहीं देख सका।
file-waits = डेटाबेस तक अभी पहुँचा नहीं जा सकता। मैं एक मिनट तक कोशिश जारी रखूँगा; तब तक लिंक न आए, तो फ़ाइल फिर से भेजें।
file-message-gone = इस फ़ाइल वाला संदेश अब नहीं रहा।
no-storage = यहाँ फ़ाइलें नहीं रखी जा सकतीं: मालिक ने STORAGE_CHANNEL सेट नहीं किया है।
storage-shut = यहाँ अभी फ़ाइलें नहीं रखी जा सकतीं: मुझे स्टोरेज चैनल में पोस्ट करने की अनुमति नहीं है। मालिक को मुझे वहाँ एडमिन बनाना होगा।
no-such-file = आपकी ऐसी कोई फ़ाइल नहीं है।
no-such-folder = आपका ऐसा कोई फ़ोल्डर नहीं है।
name-bad = नाम में कम से कम 1 और ज़्यादा से ज़्यादा 120 अक्षर हो सकते हैं।
password-bad = पासवर्ड में कम से कम 4 और ज़्यादा से ज़्यादा 200 अक्षर हो सकते हैं।
folder-name = फ़ोल्डर का नाम क्या हो? नाम लिखें।
folder-taken = “{ $name }” नाम का फ़ोल्डर पहले से है।
folder-not-empty = इस फ़ोल्डर में कुछ रखा है। पहले उसे कहीं और ले जाएँ या मिटाएँ।
folder-too-deep = इससे ज़्यादा अंदर फ़ोल्डर नहीं बन सकते।
folder-in-itself = कोई फ़ोल्डर अपने ही अंदर नहीं हो सकता।
library-coming = लाइब्रेरी में आ रही है।
library-no-channel = किसी चैनल पर नज़र नहीं रखी जा रही, इसलिए लाइब्रेरी में कुछ नहीं आ सकता।
kind-video = वीडियो
kind-animation = ऐनिमेशन
kind-audio = संगीत
kind-voice = वॉइस मैसेज
kind-photo = फ़ोटो
kind-document = दस्तावेज़
in-hours =
    { $count ->
        [one] { $count } घंटा
       *[other] { $count } घंटे
    }
in-days = { $count } दिन
never = कभी नहीं
as-often = असीमित
button-download = डाउनलोड
button-play = चलाएँ
button-players = प्लेयर
button-web-player = ▶ { $player } पर चलाएँ
button-copy = लिंक कॉपी करें
button-rename = नाम बदलें
button-move = ले जाएँ
button-expiry = अवधि …
button-limits = सीमाएँ …
button-library = लाइब्रेरी में डालें
button-delete = मिटाएँ
button-delete-now = हमेशा के लिए मिटाएँ
button-password = पासवर्ड लगाएँ
button-no-password = पासवर्ड हटाएँ
button-new-link = नया लिंक
button-new-folder = नया फ़ोल्डर
button-here = यहाँ: { $folder }
button-up = ‹ ऊपर

## People

users =
    { $count ->
        [one] { $count } व्यक्ति।
       *[other] { $count } लोग।
    }
role-owner = मालिक
role-admin = एडमिन
role-member = सदस्य
role-guest = मेहमान
person-active = आख़िरी बार यहाँ: { $when }
no-such-person = यह व्यक्ति अब यहाँ नहीं है।
invite-how = लिखें कि न्योता किसके लिए है, जैसे: /invite member, /invite guest 5 30d (पाँच मेहमान, तीस दिनों के अंदर)
invited =
    { $count ->
        [one] { $until } तक इसे सबसे पहले खोलने वाला व्यक्ति { $role } बनेगा:
       *[other] { $until } तक इसे सबसे पहले खोलने वाले { $count } लोग { $role } बनेंगे:
    }
    { $link }
ban-how = नाम या नंबर से लिखें कि कौन, ताकि वह एक ही व्यक्ति हो सके: /ban Anna
button-approve = अंदर आने दें
button-decline = मना करें
button-role = { $role } बनाएँ
button-pause = फ़िलहाल रोकें
button-ban = बाहर रखें
button-enable = फिर से आने दें
button-renew = सारे लिंक नए करें

## Broadcasts

broadcast-how = आगे वह लिखें जो सबको पढ़ना है, जैसे: /broadcast आज रात आठ बजे। या किसी संदेश के जवाब में /broadcast लिखें, और वह जैसा है वैसा ही जाएगा।
broadcast-nobody = यहाँ ऐसा कोई नहीं है जो ख़बरें चाहता हो।
broadcast-ask =
    { $count ->
        [one] यह { $count } व्यक्ति को जाएगा। क्या इसे भेजा जाए?
       *[other] यह { $count } लोगों को जाएगा। क्या इसे भेजा जाए?
    }
button-broadcast = भेजें
button-no-broadcast = न भेजें
broadcast-dropped = इसे नहीं भेजा गया।
broadcast-begins = यह भेजा जा रहा है; इसी संदेश में पता चलता रहेगा कि कितना हुआ।
broadcast-sending = भेजा जा रहा है: { $count } में से { $done }।
button-stop = रोकें
broadcast-stopping = इसे रोका जा रहा है।
broadcast-done = भेज दिया गया। { $count } में से { $reached } तक पहुँचा।
broadcast-stopped = रोक दिया गया। { $count } में से { $reached } तक पहुँचा।
broadcast-failed = यह आगे नहीं जा सकता: { $why }। { $count } में से { $reached } तक पहुँचा।
broadcast-message-gone = भेजा जाने वाला संदेश अब नहीं रहा
broadcast-protected = भेजे जाने वाले संदेश को कॉपी करने की अनुमति नहीं है
broadcast-blocked = इन्होंने मुझे ब्लॉक किया है ({ $count }): { $names }
broadcast-not-started = इन्होंने कभी Start नहीं दबाया, या Telegram छोड़ दिया ({ $count }): { $names }
broadcast-unreached = इन तक नहीं पहुँचा, कारण लॉग में है ({ $count }): { $names }
names-and-more = { $names } और { $count } अन्य
question-dropped = वह सवाल भुला दिया गया।
nothing-to-cancel = वापस लेने के लिए कुछ नहीं है।

## Limits, and who may come in

limit-day = आपके आज के { $size } ख़त्म हो गए। { $wait } फिर चलेगा।
limit-day-all = सबके मिलाकर आज के { $size } ख़त्म हो गए। { $wait } फिर चलेगा।
limit-month = आपके इस महीने के { $size } ख़त्म हो गए। { $wait } फिर चलेगा।
limit-month-all = सबके मिलाकर इस महीने के { $size } ख़त्म हो गए। { $wait } फिर चलेगा।
limit-streams =
    { $count ->
        [one] आप एक बार में { $count } फ़ाइल देख सकते हैं। उसके ख़त्म होने पर फिर चलेगा।
       *[other] आप एक बार में { $count } फ़ाइलें देख सकते हैं। उनमें से एक के ख़त्म होने पर फिर चलेगा।
    }
limit-streams-all =
    { $count ->
        [one] सब मिलाकर एक बार में { $count } फ़ाइल देखी जा सकती है। उसके ख़त्म होने पर फिर चलेगा।
       *[other] सब मिलाकर एक बार में { $count } फ़ाइलें देखी जा सकती हैं। उनमें से एक के ख़त्म होने पर फिर चलेगा।
    }
limit-file = आपके लिए फ़ाइल की सीमा { $size } है। ज़्यादा के लिए इस Cinepost को चलाने वाले से कहें।
limit-links =
    { $count ->
        [one] एक दिन में { $count } लिंक बनाने की अनुमति है, और वह बन चुका है। { $wait } फिर चलेगा।
       *[other] एक दिन में { $count } लिंक बनाने की अनुमति है, और वे बन चुके हैं। { $wait } फिर चलेगा।
    }
limit-requests = यह बहुत तेज़ था। { $wait } फिर चलेगा।
limit-guesses = यहाँ से बहुत ज़्यादा ग़लत लिंक या कोड आए। { $wait } फिर कोशिश करें।
wait-days = { $count } दिन में
wait-hours = { $hours } घंटे { $minutes } मिनट में
wait-minutes = { $count } मिनट में
wait-seconds = { $count } सेकंड में
access-removed = आने की यह अनुमति वापस ले ली गई।
access-pending = आने की यह अनुमति किसी की मंज़ूरी के इंतज़ार में है।
access-paused = आने की यह अनुमति फ़िलहाल रुकी है।
access-paused-until = आने की यह अनुमति { $until } तक रुकी है।
access-banned = आने की यह अनुमति वापस ले ली गई।
access-banned-until = आने की यह अनुमति { $until } तक वापस ले ली गई।
access-expired = आने की यह अनुमति { $when } को ख़त्म हो गई।
with-reason = { $words } कारण: { $reason }
invitation-over = यह न्योता इस्तेमाल हो चुका है, इसकी अवधि ख़त्म हो गई या इसे वापस ले लिया गया। नया न्योता माँगें।
invitation-not-yours = यह न्योता किसी और के लिए है; आपके पास आने की अपनी अनुमति पहले से है।
too-many-waiting = बहुत ज़्यादा लोग अंदर आने के इंतज़ार में हैं। कल फिर कोशिश करें।
person-name-bad = नाम एक ही पंक्ति में अक्षरों, अंकों और ख़ाली जगहों का होता है, ज़्यादा से ज़्यादा 40।
person-name-taken = { $name } नाम किसी का पहले से है। कोई और नाम चुनें।
person-account-taken = Telegram खाता { $account } पहले से { $name } का है।
person-unknown = यहाँ “{ $name }” नाम का कोई नहीं है। सब लोग /users में हैं।
person-owner = मालिक को हटाया, रोका, बाहर रखा, सीमित किया या कुछ और बनाया नहीं जा सकता।
person-one-owner = मालिक एक ही होता है। एडमिन, सदस्य और मेहमान की भूमिकाएँ दी जा सकती हैं।
person-makes-admin = एडमिन सिर्फ़ मालिक बनाता है।
person-not-waiting = { $name } अंदर आने के इंतज़ार में नहीं है।
person-not-kept-out = { $name } न रुका हुआ है, न बाहर रखा गया है।
person-contended = उसी पल दूसरे लोग { $name } को बदल रहे थे। फिर कोशिश करें।
no-code-left = बहुत ज़्यादा कोड चल रहे हैं। कुछ मिनट बाद फिर कोशिश करें।
log-no-file = लॉग किसी फ़ाइल में नहीं रखा जाता: LOG_FILE सेट करें, जैसे data/cinepost.log, और प्रोग्राम फिर से चलाएँ।
log-unreadable = लॉग पढ़ा नहीं जा सकता: { $problem }।
log-file = लॉग का आख़िरी हिस्सा, बिना रहस्यों के।
log-empty = लॉग में अभी कुछ नहीं है।

## The page behind a file's link

share-open-in = प्लेयर में खोलें
share-link = लिंक
share-direct = प्लेयर और डाउनलोड मैनेजर के लिए
share-this-page = यह पेज
share-copy = कॉपी करें
share-scan = फ़ोन से स्कैन करें
share-no-video = यह ब्राउज़र ऐसी फ़ाइल नहीं चलाता; इसे किसी प्लेयर में खोलें।
share-locked = यह फ़ाइल लॉक है
share-ask = जिसने आपको लिंक भेजा, उसे पासवर्ड पता है।
share-wrong = यह पासवर्ड सही नहीं है।
share-password = पासवर्ड
share-unlock = खोलें

## Files that need a hand

review-chosen =
    { $file }
    अब { $title } है।
review-ignored =
    { $file }
    अब किसी सूची में नहीं है।
review-again =
    { $file }
    को फिर से खोजा जा रहा है।
review-no-file = वह फ़ाइल अब यहाँ नहीं है।
review-no-episode = { $title } एक सीरीज़ है, और फ़ाइल नहीं बताती कि वह कौन-सा एपिसोड है। बताने के लिए जाँच-सूची खोलें।
review-no-provider = मेटाडेटा प्रदाता अभी उत्तर नहीं दे रहा है। कृपया एक मिनट बाद फिर कोशिश करें।
review-unknown-title = मेटाडेटा प्रदाता अब उस शीर्षक को नहीं जानता।
review-on-the-page = यह बटन से तय नहीं किया जा सकता। जाँच-सूची खोलें।
button-ignore = अनदेखा करें
button-take-back = वापस लें

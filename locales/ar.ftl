# العربية

language-name = العربية
on = نعم
off = لا

## Coming in

welcome =
    أهلًا بك، { $name }.

    تكفي كتابة اسم فيلم أو مسلسل للعثور عليه هنا، ويمكنك مشاهدة كل شيء في Stremio.
welcome-owner = كل فيلم أو حلقة تصل إلى قناتك بإعادة التوجيه تظهر في Stremio بعد لحظات.
welcome-files = عند إرسال أي ملف إليّ أو إعادة توجيهه، يصلك رابط له.
welcome-install =
    التثبيت في Stremio:
    { $link }

    هذا الرابط لك وحدك: من يملكه يشاهد باسمك.
only-this-machine = لا تُفتح هذه الروابط إلا على الجهاز الذي يعمل عليه Cinepost؛ وللوصول إليه من أجهزة أخرى يلزم ضبط BASE_URL.
stranger =
    هذا Cinepost، سينما مصنوعة من قناة على تيليجرام.

    إنها لشخص آخر؛ يمكنك طلب دعوة منه.
stranger-no-owner =
    هذا Cinepost، سينما مصنوعة من قناة على تيليجرام.

    إن كانت لك: بعد ضبط OWNER_ID على { $id } سأخبرك بما أُضيف وبما يحتاج إليك، وسأسمح لك بالدخول.
join-waits = سيُسمح لك بالدخول حالما تأتي الموافقة، وسأخبرك حينها.
barred = هذا الحساب غير مسموح له بالدخول هنا.
must-join = يلزم الانضمام إلى هذه القنوات أولًا، ثم الضغط على الزر الذي تحتها.
button-joined = تمّ الانضمام
button-install = تثبيت في Stremio
button-page = فتح صفحتك
button-review = فتح قائمة المراجعة

## Help

help = للبحث في المكتبة تكفي كتابة اسم. وأعرف أيضًا:
help-start = روابطك
help-help = هذه القائمة
help-search = البحث في المكتبة
help-myfiles = ملفاتك؛ ومع كلمات بعد الأمر: الملفات التي تحمل هذا الاسم
help-folders = مجلداتك
help-newfolder = إنشاء مجلد
help-file = عرض ملف برقمه
help-rename = تغيير اسم ملف، بالردّ عليه
help-delete = حذف ملف، بالردّ عليه
help-link = بالردّ على ملف: رابطه؛ ومع عدد: روابط هذا العدد من الملفات ابتداءً منه
help-web = صفحتك، بلا كلمة مرور
help-stats = أرقامك
help-settings = اللغة والسجلّ والأخبار
help-status = حال المكتبة
help-log = آخر السجل في ملف، دون أسرار؛ ومع عدد: هذا العدد من الأسطر
help-users = كل من يُسمح لهم بالدخول
help-invite = دعوة شخص
help-ban = حظر شخص
help-unban = السماح لشخص بالعودة
help-broadcast = الكتابة إلى كل من يريد الأخبار: الكلمات بعد الأمر، أو بالردّ على الرسالة التي ستُرسل
help-cancel = التراجع عمّا بدأ: سؤالي، أو رسالة إلى الجميع
unknown-command =
    لا أعرف الأمر «{ $word }». هنا ما أعرفه:
    /help
not-allowed = لا يُسمح لك بذلك هنا.
no-database = لا يمكن الوصول إلى قاعدة البيانات الآن؛ يمكنك المحاولة مجددًا بعد دقيقة.
telegram-failed = لم ينفّذ تيليجرام ذلك الآن؛ يمكنك المحاولة مجددًا بعد دقيقة.
cannot = لا يمكن ذلك: { $why }.
button-old = هذا الزر قديم جدًا، أو لم يكن من أزراري قط.
button-back = ‹ رجوع

## Their page, what they choose, their figures

web =
    هذا الزر يفتح صفحتك، مرة واحدة، خلال { $minutes ->
        [zero] أقل من دقيقة
        [one] دقيقة واحدة
        [two] دقيقتين
        [few] { $minutes } دقائق
        [many] { $minutes } دقيقة
       *[other] { $minutes } دقيقة
    }.
web-guest = روابطك:
settings = بأي لغة أتحدث، وما المسموح لي به؟
button-history = تذكّر ما أشاهده: { $state }
button-news = تلقّي الأخبار: { $state }
button-erase-history = محو سجلّي
history-erase = سيُمحى كل ما حُفظ عمّا شاهدته. هل المحو مؤكد؟
history-erased = مُحي السجلّ.
button-erase = محو
stats-person = { $role }، هنا منذ { $since }
stats-expires = تنتهي صلاحية الدخول في { $when }.
stats-files =
    { $count ->
        [zero] لا ملفات بعد
        [one] ملف واحد، { $size }
        [two] ملفان، { $size }
        [few] { $count } ملفات، { $size }
        [many] { $count } ملفًا، { $size }
       *[other] { $count } ملف، { $size }
    }
stats-library =
    المكتبة: { $films ->
        [zero] لا أفلام
        [one] فيلم واحد
        [two] فيلمان
        [few] { $films } أفلام
        [many] { $films } فيلمًا
       *[other] { $films } فيلم
    }، { $series ->
        [zero] لا مسلسلات
        [one] مسلسل واحد
        [two] مسلسلان
        [few] { $series } مسلسلات
        [many] { $series } مسلسلًا
       *[other] { $series } مسلسل
    }، { $files ->
        [zero] لا ملفات
        [one] ملف واحد
        [two] ملفان
        [few] { $files } ملفات
        [many] { $files } ملفًا
       *[other] { $files } ملف
    }.
status-pending =
    { $count ->
        [zero] لا ملفات قيد التعرّف.
        [one] ملف واحد قيد التعرّف.
        [two] ملفان قيد التعرّف.
        [few] { $count } ملفات قيد التعرّف.
        [many] { $count } ملفًا قيد التعرّف.
       *[other] { $count } ملف قيد التعرّف.
    }
status-review =
    { $count ->
        [zero] لا ملفات بانتظار المراجعة.
        [one] ملف واحد بانتظار المراجعة.
        [two] ملفان بانتظار المراجعة.
        [few] { $count } ملفات بانتظار المراجعة.
        [many] { $count } ملفًا بانتظار المراجعة.
       *[other] { $count } ملف بانتظار المراجعة.
    }
status-waiting =
    { $count ->
        [zero] لا أحد بانتظار السماح بالدخول:
        [one] شخص واحد بانتظار السماح بالدخول:
        [two] شخصان بانتظار السماح بالدخول:
        [few] { $count } أشخاص بانتظار السماح بالدخول:
        [many] { $count } شخصًا بانتظار السماح بالدخول:
       *[other] { $count } شخص بانتظار السماح بالدخول:
    }
    /users

## Search

search-how =
    تُكتب كلمات البحث بعد الأمر، مثلًا:
    /search night of the living dead
search-found = نتائج «{ $words }»:
search-nothing = لا شيء هنا باسم «{ $words }».
title-gone = هذا العنوان لم يعد هنا.
title-no-files = ملفاته لم تعد هنا.
season = الموسم { $number }
button-watch = مشاهدة

## Files

files-top = ملفاتك
files-none = لا شيء هنا بعد. يمكنك إرسال أي ملف إليّ أو إعادة توجيهه.
files-found =
    { $count ->
        [zero] لا ملفات.
        [one] ملف واحد:
        [two] ملفان:
        [few] { $count } ملفات:
        [many] { $count } ملفًا:
       *[other] { $count } ملف:
    }
files-not-found = لا يحمل أيّ من ملفاتك اسم «{ $words }».
file-number = رقم { $number }
file-in-folder = في { $path }
file-ends = تنتهي صلاحية الرابط في { $when }.
file-ended = انتهت صلاحية الرابط. سيُحذف الملف في { $when } ما لم تُحدَّد نهاية أخرى.
file-most =
    { $count ->
        [zero] لا تنزيل.
        [one] للتنزيل مرة واحدة.
        [two] للتنزيل مرتين.
        [few] للتنزيل { $count } مرات.
        [many] للتنزيل { $count } مرة.
       *[other] للتنزيل { $count } مرة.
    }
file-has-password = بكلمة مرور.
file-served = مرات التنزيل: { $downloads }، مرات التشغيل: { $streams }.
file-new-name = ما الاسم الجديد للملف «{ $name }»؟ أنتظره في رسالتك التالية.
file-new-password = ما كلمة المرور التي سيطلبها «{ $name }»؟ أنتظرها في رسالتك التالية، من أربعة أحرف على الأقل، ويُستحسن حذف الرسالة بعدها.
file-expiry = متى تنتهي صلاحية الرابط؟ يُحذف الملف بعد ذلك بـ { $days } يومًا ما لم تُحدَّد نهاية أخرى.
file-limits = كم مرة يُسمح بتنزيله من الآن فصاعدًا؟
file-delete = سيختفي الملف ورابطه لدى الجميع. هل الحذف مؤكد؟
file-deleted = حُذف «{ $name }».
file-where = إلى أين يُنقل؟
file-how =
    يُكتب رقم الملف بعد الأمر، مثلًا:
    /file 12
rename-how =
    لتغيير اسم ملف أرسلته، يكفي الردّ عليه بهذا الأمر وبعده الاسم الجديد، أو كتابة رقم الملف قبل الاسم:
    /rename 12 اسم جديد
delete-how =
    لحذف ملف أرسلته، يكفي الردّ عليه بهذا الأمر، أو كتابة رقم الملف بعده:
    /delete 12
link-how =
    بالردّ على رسالة فيها ملف: الأمر الأول يعطي رابطه، والثاني رابطه وروابط الملفات التي بعده (50 على الأكثر):
    /link
    /link 5
link-no-files = لا ملف في الرسالة التي رددت عليها.
file-protected = من نشر هذا الملف لا يسمح بنسخه.
file-type-refused = لا يقبل المالك هنا ملفات من هذا النوع: { $type }.
file-scanning = يفحصه برنامج الفحص أولًا. قد يستغرق ذلك دقيقة …
file-scan-refused = رفض برنامج الفحص هذا الملف.
file-scan-refused-because = رفض برنامج الفحص هذا الملف: { $why }
file-not-scanned = لم يتمكن برنامج الفحص من فحص هذا الملف، لذلك لم يُحفظ. حاول مرة أخرى لاحقًا؛ يجد المالك السبب في السجل.
file-is-clean = لم يجد برنامج الفحص فيه شيئًا.
file-is-unscanned = لم يتمكن برنامج الفحص من فحصه.
file-waits = لا يمكن الوصول إلى قاعدة البيانات الآن. ستستمر المحاولة لمدة دقيقة؛ إذا لم يصل رابط بعدها، فيُرجى إرسال الملف مرة أخرى.
file-message-gone = الرسالة التي فيها هذا الملف لم تعد موجودة.
no-storage = لا يمكن حفظ الملفات هنا: لم يضبط المالك STORAGE_CHANNEL.
storage-shut = لا يمكن حفظ الملفات هنا الآن: لا يُسمح لي بالنشر في قناة التخزين. على المالك أن يجعلني مشرفًا فيها.
no-such-file = ليس لديك ملف كهذا.
no-such-folder = ليس لديك مجلد كهذا.
name-bad = يلزم أن يكون الاسم من حرف واحد على الأقل و120 حرفًا على الأكثر.
password-bad = يلزم أن تكون كلمة المرور من أربعة أحرف على الأقل و200 حرف على الأكثر.
folder-name = ما اسم المجلد؟ أنتظره في رسالتك التالية.
folder-taken = يوجد مجلد باسم «{ $name }» من قبل.
folder-not-empty = في هذا المجلد شيء. يلزم نقله أو حذفه أولًا.
folder-too-deep = لا يمكن أن تكون المجلدات أعمق من هذا.
folder-in-itself = لا يمكن أن يكون المجلد داخل نفسه.
library-coming = في الطريق إلى المكتبة.
library-no-channel = لا قناة قيد المتابعة، فلا يمكن أن يصل شيء إلى المكتبة.
kind-video = فيديو
kind-animation = صورة متحركة
kind-audio = موسيقى
kind-voice = رسالة صوتية
kind-photo = صورة
kind-document = مستند
in-hours =
    { $count ->
        [zero] { $count } ساعة
        [one] ساعة واحدة
        [two] ساعتان
        [few] { $count } ساعات
        [many] { $count } ساعة
       *[other] { $count } ساعة
    }
in-days =
    { $count ->
        [zero] { $count } يوم
        [one] يوم واحد
        [two] يومان
        [few] { $count } أيام
        [many] { $count } يومًا
       *[other] { $count } يوم
    }
never = أبدًا
as-often = بلا حدّ
button-download = تنزيل
button-play = تشغيل
button-players = المشغّلات
button-web-player = ▶ تشغيل على { $player }
button-copy = نسخ الرابط
button-rename = تغيير الاسم
button-move = نقل
button-expiry = الصلاحية …
button-limits = القيود …
button-library = إلى المكتبة
button-delete = حذف
button-delete-now = حذف نهائي
button-password = تعيين كلمة مرور
button-no-password = إزالة كلمة المرور
button-new-link = رابط جديد
button-new-folder = مجلد جديد
button-here = هنا: { $folder }
button-up = ‹ للأعلى

## People

users =
    { $count ->
        [zero] لا أحد.
        [one] شخص واحد.
        [two] شخصان.
        [few] { $count } أشخاص.
        [many] { $count } شخصًا.
       *[other] { $count } شخص.
    }
role-owner = مالك
role-admin = مشرف
role-member = عضو
role-guest = ضيف
person-active = آخر ظهور في { $when }
no-such-person = لم يعد هذا الشخص هنا.
invite-how =
    يُكتب بعد الأمر لمن الدعوة، مثلًا:
    /invite member
    /invite guest 5 30d
    (المثال الثاني لخمسة ضيوف، خلال ثلاثين يومًا)
invited =
    { $count ->
        [zero] من يفتح هذا الرابط حتى { $until } يدخل بصفة { $role }:
        [one] أول من يفتح هذا الرابط حتى { $until } يدخل بصفة { $role }:
        [two] أول شخصين يفتحان هذا الرابط حتى { $until } يدخلان بصفة { $role }:
        [few] أول { $count } أشخاص يفتحون هذا الرابط حتى { $until } يدخلون بصفة { $role }:
        [many] أول { $count } شخصًا يفتحون هذا الرابط حتى { $until } يدخلون بصفة { $role }:
       *[other] أول { $count } شخص يفتحون هذا الرابط حتى { $until } يدخلون بصفة { $role }:
    }
    { $link }
ban-how =
    يُكتب الاسم أو الرقم بعد الأمر، بحيث لا يعني إلا شخصًا واحدًا:
    /ban Anna
button-approve = السماح بالدخول
button-decline = رفض
button-role = تعيين كـ{ $role }
button-pause = إيقاف مؤقت
button-ban = حظر
button-enable = السماح بالعودة
button-renew = تجديد كل الروابط

## Broadcasts

broadcast-how =
    يُكتب بعد الأمر ما سيقرؤه الجميع، مثلًا:
    /broadcast الليلة في الثامنة
    أو يُردّ به على رسالة، فتُرسل كما هي.
broadcast-nobody = لا أحد هنا يريد الأخبار.
broadcast-ask =
    { $count ->
        [zero] هذا لن يصل إلى أحد. هل أرسله؟
        [one] هذا سيصل إلى شخص واحد. هل أرسله؟
        [two] هذا سيصل إلى شخصين. هل أرسله؟
        [few] هذا سيصل إلى { $count } أشخاص. هل أرسله؟
        [many] هذا سيصل إلى { $count } شخصًا. هل أرسله؟
       *[other] هذا سيصل إلى { $count } شخص. هل أرسله؟
    }
button-broadcast = إرسال
button-no-broadcast = عدم الإرسال
broadcast-dropped = لم تُرسل.
broadcast-begins = هي في الطريق، وهذه الرسالة تخبر بما وصلت إليه.
broadcast-sending = جارٍ الإرسال: { $done } من { $count }.
button-stop = إيقاف
broadcast-stopping = جارٍ الإيقاف.
broadcast-done = تمّ الإرسال. وصلت إلى { $reached } من { $count }.
broadcast-stopped = توقّف الإرسال. وصلت إلى { $reached } من { $count }.
broadcast-failed = لا يمكن المتابعة: { $why }. وصلت إلى { $reached } من { $count }.
broadcast-message-gone = الرسالة التي كانت ستُرسل لم تعد موجودة
broadcast-protected = الرسالة التي كانت ستُرسل لا يُسمح بنسخها
broadcast-blocked = حظروني ({ $count }): { $names }
broadcast-not-started = لم يضغطوا «ابدأ» قط، أو غادروا تيليجرام ({ $count }): { $names }
broadcast-unreached = لم تصل إليهم، والسبب في السجل ({ $count }): { $names }
names-and-more = { $names } و{ $count } غيرهم
question-dropped = نسيت السؤال.
nothing-to-cancel = لا شيء للتراجع عنه.

## Limits, and who may come in

limit-day = نفدت حصتك لهذا اليوم ({ $size }). يمكن المتابعة { $wait }.
limit-day-all = نفدت حصة الجميع معًا لهذا اليوم ({ $size }). يمكن المتابعة { $wait }.
limit-month = نفدت حصتك لهذا الشهر ({ $size }). يمكن المتابعة { $wait }.
limit-month-all = نفدت حصة الجميع معًا لهذا الشهر ({ $size }). يمكن المتابعة { $wait }.
limit-streams =
    { $count ->
        [zero] لا يُسمح لك بمشاهدة أي ملف الآن.
        [one] يُسمح لك بمشاهدة ملف واحد في الوقت نفسه. يمكن المتابعة عندما ينتهي.
        [two] يُسمح لك بمشاهدة ملفين في الوقت نفسه. يمكن المتابعة عندما ينتهي أحدهما.
        [few] يُسمح لك بمشاهدة { $count } ملفات في الوقت نفسه. يمكن المتابعة عندما ينتهي أحدها.
        [many] يُسمح لك بمشاهدة { $count } ملفًا في الوقت نفسه. يمكن المتابعة عندما ينتهي أحدها.
       *[other] يُسمح لك بمشاهدة { $count } ملف في الوقت نفسه. يمكن المتابعة عندما ينتهي أحدها.
    }
limit-streams-all =
    { $count ->
        [zero] لا يُسمح للجميع معًا بمشاهدة أي ملف الآن.
        [one] يُسمح للجميع معًا بمشاهدة ملف واحد في الوقت نفسه. يمكن المتابعة عندما ينتهي.
        [two] يُسمح للجميع معًا بمشاهدة ملفين في الوقت نفسه. يمكن المتابعة عندما ينتهي أحدهما.
        [few] يُسمح للجميع معًا بمشاهدة { $count } ملفات في الوقت نفسه. يمكن المتابعة عندما ينتهي أحدها.
        [many] يُسمح للجميع معًا بمشاهدة { $count } ملفًا في الوقت نفسه. يمكن المتابعة عندما ينتهي أحدها.
       *[other] يُسمح للجميع معًا بمشاهدة { $count } ملف في الوقت نفسه. يمكن المتابعة عندما ينتهي أحدها.
    }
limit-file = يُسمح لك بملفات حتى { $size }. للمزيد يُسأل من يدير Cinepost هذا.
limit-links =
    { $count ->
        [zero] لا يُسمح لك بإنشاء روابط اليوم. يمكن المتابعة { $wait }.
        [one] يُسمح لك برابط واحد في اليوم، وقد أُنشئ. يمكن المتابعة { $wait }.
        [two] يُسمح لك برابطين في اليوم، وقد أُنشئا. يمكن المتابعة { $wait }.
        [few] يُسمح لك بـ{ $count } روابط في اليوم، وقد أُنشئت. يمكن المتابعة { $wait }.
        [many] يُسمح لك بـ{ $count } رابطًا في اليوم، وقد أُنشئت. يمكن المتابعة { $wait }.
       *[other] يُسمح لك بـ{ $count } رابط في اليوم، وقد أُنشئت. يمكن المتابعة { $wait }.
    }
limit-requests = كان ذلك سريعًا جدًا. يمكن المتابعة { $wait }.
limit-guesses = وصلت من هنا روابط أو رموز خاطئة كثيرة. يمكن المحاولة مجددًا { $wait }.
wait-days =
    { $count ->
        [zero] بعد أقل من يوم
        [one] بعد يوم واحد
        [two] بعد يومين
        [few] بعد { $count } أيام
        [many] بعد { $count } يومًا
       *[other] بعد { $count } يوم
    }
wait-hours = بعد { $hours } س و{ $minutes } د
wait-minutes = بعد { $count } د
wait-seconds = بعد { $count } ث
access-removed = أُلغي هذا الدخول.
access-pending = هذا الدخول بانتظار الموافقة.
access-paused = هذا الدخول موقوف مؤقتًا.
access-paused-until = هذا الدخول موقوف مؤقتًا حتى { $until }.
access-banned = أُلغي هذا الدخول.
access-banned-until = أُلغي هذا الدخول حتى { $until }.
access-expired = انتهت صلاحية هذا الدخول في { $when }.
with-reason = { $words } السبب: { $reason }
invitation-over = هذه الدعوة استُخدمت، أو انتهت صلاحيتها، أو أُلغيت. يمكن طلب دعوة جديدة.
invitation-not-yours = هذه الدعوة لشخص آخر، ولك دخولك الخاص من قبل.
too-many-waiting = المنتظرون للدخول كثيرون. يمكن المحاولة مجددًا غدًا.
person-name-bad = الاسم حروف وأرقام ومسافات في سطر واحد، 40 على الأكثر.
person-name-taken = اسم { $name } مستخدم من قبل. يلزم اختيار اسم آخر.
person-account-taken = حساب تيليجرام { $account } هو لـ{ $name } من قبل.
person-unknown =
    لا أحد هنا باسم «{ $name }». الجميع هنا:
    /users
person-owner = لا يمكن إزالة المالك أو إيقافه أو حظره أو تقييده أو تغيير دوره.
person-one-owner = المالك واحد. الأدوار التي يمكن منحها: مشرف وعضو وضيف.
person-makes-admin = المالك وحده يعيّن المشرفين.
person-not-waiting = { $name } ليس بانتظار السماح بالدخول.
person-not-kept-out = { $name } ليس موقوفًا ولا محظورًا.
person-contended = كان آخرون يغيّرون { $name } في اللحظة نفسها. يمكن المحاولة مجددًا.
no-code-left = الرموز المستخدمة الآن كثيرة. يمكن المحاولة مجددًا بعد دقائق.
log-no-file = السجل غير محفوظ في ملف: يلزم ضبط LOG_FILE، مثلًا data/cinepost.log، ثم تشغيل البرنامج من جديد.
log-unreadable = لا يمكن قراءة السجل: { $problem }.
log-file = آخر السجل، دون أسرار.
log-empty = لا شيء في السجل بعد.

## The page behind a file's link

share-open-in = فتح في مشغّل
share-link = الروابط
share-direct = للمشغّلات وبرامج إدارة التنزيل
share-this-page = هذه الصفحة
share-copy = نسخ
share-scan = مسح بالهاتف
share-no-video = هذا المتصفح لا يشغّل ملفًا كهذا؛ يمكن فتحه في مشغّل.
share-locked = هذا الملف مقفل
share-ask = من أرسل إليك الرابط يعرف كلمة المرور.
share-wrong = ليست هذه كلمة المرور.
share-password = كلمة المرور
share-unlock = فتح

## Files that need a hand

review-chosen =
    { $file }
    أصبح الآن { $title }.
review-ignored =
    { $file }
    لم يعد مدرجًا في أي مكان.
review-again =
    { $file }
    يجري البحث عنه من جديد.
review-no-file = لم يعد هذا الملف هنا.
review-no-episode = { $title } مسلسل، والملف لا يقول أي حلقة هو. افتح قائمة المراجعة لتحديدها.
review-no-provider = مزوّد البيانات الوصفية لا يجيب الآن. حاول مرة أخرى بعد دقيقة.
review-unknown-title = لم يعد مزوّد البيانات الوصفية يعرف هذا العنوان.
review-on-the-page = لا يمكن تقرير هذا بزر. افتح قائمة المراجعة.
button-ignore = تجاهل
button-take-back = تراجع

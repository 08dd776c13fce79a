# Words of the reader's pages in Arabic.

skip = انتقل إلى المحتوى
home = الصفحة الرئيسية
trail = أنت هنا
all-regions = جميع الأماكن

regions-title = معلومات عن مكان إقامتك
regions-intro = اختر مكان إقامتك. ستجد هناك معلومات موثوقة بعدة لغات.
regions-none = لم يُنشر أي شيء هنا بعد.
region-intro = معلومات موثوقة عن الحياة هنا، من الجهات المحلية.
topics = المواضيع
section = في هذا القسم
more =
    { $count ->
        [one] وموضوع آخر
        [two] وموضوعان آخران
        [few] و{ $count } مواضيع أخرى
        [many] و{ $count } موضوعًا آخر
       *[other] و{ $count } موضوع آخر
    }

language = اللغة
language-choose = اختر اللغة
language-elsewhere = هذه الصفحة غير متوفرة هناك بعد. تؤدي هذه الروابط إلى أقرب صفحة.
languages-count =
    { $count ->
        [one] بلغة واحدة
        [two] بلغتين
        [few] بـ{ $count } لغات
       *[other] بـ{ $count } لغة
    }

updated = آخر تعديل في { $date }
outdated = هذه الترجمة ليست محدَّثة. فقد تغيّر النص الأصلي بعد ترجمته.
machine = تُرجم هذا النص آليًا ولم يراجعه إنسان بعد. قد يحتوي على أخطاء.
source-link = اقرأ النص الأصلي: { $language }

mirrored-title = مصدر هذا النص
mirrored-from = هذا النص مأخوذ من { $origin } ويُعرض هنا دون تغيير.
mirrored-link = عرض النص الأصلي
mirrored-confirmed = آخر مقارنة مع النص الأصلي في { $date }
mirrored-unconfirmed = منذ { $date } لم نتمكن من التحقق مما إذا كان النص الأصلي قد تغيّر. عند الشك، يُرجى السؤال.
origin = الناشر
credit = المؤلف
licence = الترخيص
pictures = الصور

picture-elsewhere = عرض الصورة في موقع آخر
film-elsewhere = عرض الفيديو في موقع آخر
table = جدول

missing-title = الصفحة غير موجودة
missing-text = لا توجد صفحة في هذا العنوان. ربما حُذفت، أو قد يكون في العنوان خطأ إملائي.
missing-languages = تتوفر الصفحة بهذه اللغات:
missing-way = يمكنك المتابعة من هنا:
broken-title = لم ينجح الأمر
broken-text = حدث خطأ لدينا. يُرجى المحاولة مرة أخرى بعد بضع دقائق.

feedback-question = هل كان هذا مفيدًا؟
feedback-yes = نعم
feedback-no = لا
feedback-comment = ما الذي يمكن تحسينه؟ (اختياري)
feedback-hint = يُرجى عدم كتابة أي معلومات شخصية. لن تتلقى ردًا.
feedback-trap = اترك هذا الحقل فارغًا
feedback-send = إرسال
feedback-thanks-title = شكرًا لك
feedback-thanks-text = تساعد إجابتك على تحسين هذه المعلومات للجميع.
feedback-often-text = لقد أرسلت عدة إجابات في وقت قصير. يُرجى المحاولة مرة أخرى بعد بضع دقائق.
feedback-refused-text = يُرجى اختيار نعم أو لا، أو كتابة تعليق غير طويل جدًا، ثم الإرسال مرة أخرى.
feedback-back = العودة إلى

footer-content = المحتوى: { $name }
footer-quiet = لا يستخدم هذا الموقع ملفات تعريف الارتباط ولا يحمّل أي شيء من خوادم أخرى.
footer-software = ‏Lotse برنامج حر للبلديات.
print-note = طُبعت من:

category-other = أخرى

events = الفعاليات
events-none = لا توجد فعاليات معلنة حاليًا.
events-running = بدأت بالفعل
calendar-of = التقويم: { $date }
changes = آخر التغييرات
calendar-subscribe = الاشتراك في التقويم
calendar-add = إضافة إلى تقويمك
as-list = عرض كقائمة
month-previous = الشهر السابق
month-next = الشهر التالي
month-through = على مدى فترة أطول
when = متى
where = أين
today = اليوم
all-day = طوال اليوم
time-at = الساعة { $from }
time-span = من { $from } إلى { $to }
date-span = من { $from } إلى { $to }
until = حتى { $date }
only-weekdays = من الاثنين إلى الجمعة فقط
dates-next = المواعيد القادمة
dates-more = تليها مواعيد أخرى.
repeats-daily =
    { $count ->
        [1] كل يوم
        [2] كل يومين
        [few] كل { $count } أيام
        [many] كل { $count } يومًا
       *[other] كل { $count } يوم
    }
repeats-weekly =
    { $count ->
        [1] كل أسبوع: { $days }
        [2] كل أسبوعين: { $days }
        [few] كل { $count } أسابيع: { $days }
        [many] كل { $count } أسبوعًا: { $days }
       *[other] كل { $count } أسبوع: { $days }
    }
repeats-monthly =
    { $count ->
        [1] كل شهر
        [2] كل شهرين
        [few] كل { $count } أشهر
        [many] كل { $count } شهرًا
       *[other] كل { $count } شهر
    }
repeats-yearly =
    { $count ->
        [1] كل سنة
        [2] كل سنتين
        [few] كل { $count } سنوات
        [many] كل { $count } سنة
       *[other] كل { $count } سنة
    }
cancelled = ملغى
moved-from = نُقل من { $date }
online = عبر الإنترنت
online-link = المشاركة عبر الإنترنت

places = الأماكن والخدمات
address = العنوان
map-app = فتح في تطبيق خرائط
map-web = عرض على OpenStreetMap
hours = أوقات الدوام
hours-usual = عادةً: { $hours }
hours-special = أوقات مختلفة
hours-holidays = في أيام العطل الرسمية
closed = مغلق
opens-next = يفتح مجددًا: { $date }، الساعة { $time }
open-all-day = على مدار الساعة
by-appointment = بموعد مسبق
appointment-hours = بموعد مسبق: { $hours }
temporarily-closed = مغلق مؤقتًا
appointment = حجز موعد
contact = التواصل
phone = الهاتف
mobile = الهاتف المحمول
email = البريد الإلكتروني
website = الموقع الإلكتروني
barrier-free = مهيأ لذوي الإعاقة
barrier-not-free = غير مهيأ لذوي الإعاقة
organisation = المؤسسة
responsible = المسؤول عن هذه الصفحة
offers = خدمات
events-here = فعاليات في هذا المكان

news = الأخبار
imprint = بيانات الناشر
shown-in = هذا النص غير متوفر بلغتك بعد. يُعرض هنا بلغة أخرى: { $language }

topics = المواضيع
audiences = موجّه إلى
term-language = اللغة
term-housing = السكن
term-work-education = العمل والتعليم
term-participation = المشاركة
term-before-arrival = قبل الوصول
term-arriving = الواصلون حديثاً
term-settled = المقيمون منذ مدة
term-worker = العاملون
term-family = العائلات
term-student = الطلاب
term-refugee = اللاجئون

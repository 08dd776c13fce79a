# Words of the reader's pages in Persian.

skip = رفتن به محتوا
home = صفحهٔ اصلی
trail = شما اینجا هستید
all-regions = همهٔ مکان‌ها

regions-title = اطلاعات برای محل زندگی شما
regions-intro = محل زندگی خود را انتخاب کنید. در آنجا اطلاعات قابل اعتماد به چند زبان می‌یابید.
regions-none = هنوز چیزی در اینجا منتشر نشده است.
region-intro = اطلاعات قابل اعتماد برای زندگی در اینجا، از سوی نهادهای محلی.
topics = موضوع‌ها
section = در این بخش
more =
    { $count ->
        [one] و یک موضوع دیگر
       *[other] و { $count } موضوع دیگر
    }

language = زبان
language-choose = انتخاب زبان
language-elsewhere = این صفحه هنوز به آن زبان‌ها وجود ندارد. این پیوندها به نزدیک‌ترین صفحه می‌روند.
languages-count =
    { $count ->
        [one] به یک زبان
       *[other] به { $count } زبان
    }

updated = آخرین تغییر در { $date }
outdated = این ترجمه به‌روز نیست. متن اصلی پس از آن تغییر کرده است.
machine = این متن را رایانه ترجمه کرده و هنوز کسی آن را بررسی نکرده است. ممکن است اشتباه داشته باشد.
source-link = خواندن متن اصلی: { $language }

mirrored-title = این متن از کجا آمده است
mirrored-from = این متن از { $origin } گرفته شده و بدون تغییر نشان داده می‌شود.
mirrored-link = دیدن متن اصلی
mirrored-confirmed = آخرین مقایسه با متن اصلی در { $date }
mirrored-unconfirmed = از { $date } نتوانسته‌ایم بررسی کنیم که آیا متن اصلی تغییر کرده است. در صورت تردید، لطفاً بپرسید.
origin = ناشر
credit = پدیدآورنده
licence = مجوز
pictures = تصاویر

picture-elsewhere = دیدن تصویر در وب‌سایتی دیگر
film-elsewhere = دیدن ویدیو در وب‌سایتی دیگر
table = جدول

missing-title = صفحه پیدا نشد
missing-text = در این نشانی صفحه‌ای وجود ندارد. شاید حذف شده باشد یا در نشانی اشتباه تایپی باشد.
missing-languages = این صفحه به این زبان‌ها وجود دارد:
missing-way = از اینجا می‌توانید ادامه دهید:
broken-title = انجام نشد
broken-text = خطایی از سوی ما رخ داد. لطفاً چند دقیقهٔ دیگر دوباره تلاش کنید.

feedback-question = آیا این مفید بود؟
feedback-yes = بله
feedback-no = خیر
feedback-comment = چه چیزی می‌تواند بهتر باشد؟ (اختیاری)
feedback-hint = لطفاً چیزی دربارهٔ خودتان ننویسید. پاسخی دریافت نمی‌کنید.
feedback-trap = این بخش را خالی بگذارید
feedback-send = ارسال
feedback-thanks-title = سپاسگزاریم
feedback-thanks-text = پاسخ شما کمک می‌کند این اطلاعات برای همه بهتر شود.
feedback-often-text = در زمانی کوتاه چند پاسخ فرستاده‌اید. لطفاً چند دقیقهٔ دیگر دوباره تلاش کنید.
feedback-refused-text = لطفاً بله یا خیر را انتخاب کنید یا نظری بنویسید که خیلی طولانی نباشد و دوباره بفرستید.
feedback-back = بازگشت به

footer-content = محتوا: { $name }
footer-quiet = این وب‌سایت کوکی ندارد و چیزی از سرورهای دیگر بارگیری نمی‌کند.
footer-software = ‏Lotse نرم‌افزاری آزاد برای شهرداری‌هاست.
print-note = چاپ‌شده از:

category-other = سایر

events = رویدادها
events-none = در حال حاضر رویدادی اعلام نشده است.
events-running = آغاز شده است
calendar-of = تقویم: { $date }
changes = آخرین تغییرات
calendar-subscribe = اشتراک در تقویم
calendar-add = افزودن به تقویم خود
as-list = به صورت فهرست
month-previous = ماه قبل
month-next = ماه بعد
month-through = در مدت طولانی‌تر
when = زمان
where = مکان
today = امروز
all-day = تمام روز
time-at = ساعت { $from }
time-span = از { $from } تا { $to }
date-span = از { $from } تا { $to }
until = تا { $date }
only-weekdays = فقط از دوشنبه تا جمعه
dates-next = زمان‌های بعدی
dates-more = پس از این‌ها زمان‌های دیگری هم هست.
repeats-daily =
    { $count ->
        [1] هر روز
       *[other] هر { $count } روز
    }
repeats-weekly =
    { $count ->
        [1] هر هفته: { $days }
       *[other] هر { $count } هفته: { $days }
    }
repeats-monthly =
    { $count ->
        [1] هر ماه
       *[other] هر { $count } ماه
    }
repeats-yearly =
    { $count ->
        [1] هر سال
       *[other] هر { $count } سال
    }
cancelled = برگزار نمی‌شود
moved-from = جابه‌جا شده از { $date }
online = آنلاین
online-link = شرکت آنلاین

places = مکان‌ها و خدمات
address = نشانی
map-app = باز کردن در برنامهٔ نقشه
map-web = نمایش در OpenStreetMap
hours = ساعت‌های کار
hours-usual = معمولاً: { $hours }
hours-special = ساعت‌های متفاوت
hours-holidays = در تعطیلات رسمی
closed = بسته
opens-next = بازگشایی: { $date }، ساعت { $time }
open-all-day = شبانه‌روزی
by-appointment = با وقت قبلی
appointment-hours = با وقت قبلی: { $hours }
temporarily-closed = موقتاً بسته است
appointment = گرفتن وقت
contact = تماس
phone = تلفن
mobile = تلفن همراه
email = ایمیل
website = وب‌سایت
barrier-free = بدون مانع برای افراد دارای معلولیت
barrier-not-free = دارای مانع برای افراد دارای معلولیت
organisation = سازمان
responsible = مسئول این صفحه
offers = خدمات
events-here = رویدادهای این مکان

news = خبرها
imprint = مشخصات ناشر
shown-in = این متن هنوز به زبان شما وجود ندارد. در اینجا به زبان دیگری نشان داده می‌شود: { $language }

topics = موضوع‌ها
audiences = برای
term-language = زبان
term-housing = مسکن
term-work-education = کار و آموزش
term-participation = مشارکت
term-before-arrival = پیش از ورود
term-arriving = تازه‌واردان
term-settled = ساکنان باسابقه
term-worker = شاغلان
term-family = خانواده‌ها
term-student = دانشجویان
term-refugee = پناهندگان

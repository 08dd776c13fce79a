# Words of the reader's pages in Ukrainian.

skip = Перейти до вмісту
home = Головна
trail = Ви тут
all-regions = Усі місця

regions-title = Інформація для вашого міста чи району
regions-intro = Оберіть своє місто чи район. Там ви знайдете достовірну інформацію кількома мовами.
regions-none = Тут ще нічого не опубліковано.
region-intro = Достовірна інформація про життя тут – від місцевих установ.
topics = Теми
section = У цьому розділі
more =
    { $count ->
        [one] і ще { $count } тема
        [few] і ще { $count } теми
        [many] і ще { $count } тем
       *[other] і ще { $count } теми
    }

language = Мова
language-choose = Оберіть мову
language-elsewhere = Цієї сторінки там ще немає. Ці посилання ведуть до найближчої сторінки.
languages-count =
    { $count ->
        [one] { $count } мовою
        [few] { $count } мовами
        [many] { $count } мовами
       *[other] { $count } мовами
    }

updated = Востаннє змінено: { $date }
outdated = Цей переклад неактуальний. Відтоді оригінальний текст було змінено.
machine = Цей текст переклав комп’ютер, і людина його ще не перевірила. Він може містити помилки.
source-link = Читати оригінальний текст: { $language }

mirrored-title = Звідки цей текст
mirrored-from = Джерело цього тексту – { $origin }. Тут він показаний без змін.
mirrored-link = Переглянути оригінал
mirrored-confirmed = Востаннє порівняно з оригіналом: { $date }
mirrored-unconfirmed = Відтоді ми не могли перевірити, чи змінився оригінал: { $date }. Якщо маєте сумніви, запитайте.
origin = Видавець
credit = Автор
licence = Ліцензія
pictures = Зображення

picture-elsewhere = Переглянути зображення на іншому сайті
film-elsewhere = Переглянути відео на іншому сайті
table = Таблиця

missing-title = Сторінку не знайдено
missing-text = За цією адресою немає сторінки. Можливо, її видалено або в адресі є помилка.
missing-languages = Ця сторінка є такими мовами:
missing-way = Куди перейти далі:
broken-title = Не вдалося
broken-text = На нашому боці сталася помилка. Спробуйте ще раз за кілька хвилин.

feedback-question = Чи було це корисно?
feedback-yes = Так
feedback-no = Ні
feedback-comment = Що можна покращити? (необов’язково)
feedback-hint = Будь ласка, не пишіть нічого про себе. Відповіді ви не отримаєте.
feedback-trap = Залиште це поле порожнім
feedback-send = Надіслати
feedback-thanks-title = Дякуємо
feedback-thanks-text = Ваша відповідь допоможе зробити цю інформацію кращою для всіх.
feedback-often-text = Ви надіслали кілька відповідей за короткий час. Спробуйте ще раз за кілька хвилин.
feedback-refused-text = Оберіть «Так» чи «Ні» або напишіть не надто довгий коментар і надішліть ще раз.
feedback-back = Повернутися

footer-content = Вміст: { $name }
footer-quiet = Цей сайт не використовує файлів cookie і нічого не завантажує з інших серверів.
footer-software = Lotse – вільне програмне забезпечення для громад.
print-note = Надруковано з:

category-other = Інше

events = Події
events-none = Зараз подій не оголошено.
events-running = Уже триває
calendar-of = Календар: { $date }
changes = Останні зміни
calendar-subscribe = Підписатися на календар
calendar-add = Додати до свого календаря
as-list = Списком
month-previous = Попередній місяць
month-next = Наступний місяць
month-through = Протягом довшого часу
when = Коли
where = Де
today = Сьогодні
all-day = Увесь день
time-at = { $from }
time-span = { $from }–{ $to }
date-span = { $from } – { $to }
until = Останній день: { $date }
only-weekdays = Лише з понеділка до п’ятниці
dates-next = Найближчі дати
dates-more = Далі будуть ще дати.
repeats-daily =
    { $count ->
        [1] Щодня
        [one] Кожен { $count } день
        [few] Кожні { $count } дні
       *[other] Кожні { $count } днів
    }
repeats-weekly =
    { $count ->
        [1] Щотижня: { $days }
        [one] Кожен { $count } тиждень: { $days }
        [few] Кожні { $count } тижні: { $days }
       *[other] Кожні { $count } тижнів: { $days }
    }
repeats-monthly =
    { $count ->
        [1] Щомісяця
        [one] Кожен { $count } місяць
        [few] Кожні { $count } місяці
       *[other] Кожні { $count } місяців
    }
repeats-yearly =
    { $count ->
        [1] Щороку
        [one] Кожен { $count } рік
        [few] Кожні { $count } роки
       *[other] Кожні { $count } років
    }
cancelled = Скасовано
moved-from = Перенесено, попередня дата: { $date }
online = Онлайн
online-link = Взяти участь онлайн

places = Місця та послуги
address = Адреса
map-app = Відкрити в застосунку з картами
map-web = Переглянути на OpenStreetMap
hours = Години роботи
hours-usual = Зазвичай: { $hours }
hours-special = Особливі години
hours-holidays = У святкові дні
closed = Зачинено
opens-next = Знову відчинено: { $date }, { $time }
open-all-day = Цілодобово
by-appointment = За попереднім записом
appointment-hours = За попереднім записом: { $hours }
temporarily-closed = Тимчасово зачинено
appointment = Записатися на прийом
contact = Контакти
phone = Телефон
mobile = Мобільний телефон
email = Ел. пошта
website = Сайт
barrier-free = Доступно для людей з інвалідністю
barrier-not-free = Недоступно для людей з інвалідністю
organisation = Організація
responsible = Хто відповідає за цю сторінку
offers = Послуги
events-here = Події в цьому місці

news = Новини
imprint = Вихідні дані
shown-in = Цього тексту вашою мовою ще немає. Його показано іншою мовою: { $language }

topics = Теми
audiences = Для кого
term-language = Мова
term-housing = Житло
term-work-education = Робота та освіта
term-participation = Участь у житті громади
term-before-arrival = До приїзду
term-arriving = Щойно прибулі
term-settled = Ті, хто живе тут давно
term-worker = Працівники
term-family = Родини
term-student = Студенти
term-refugee = Біженці

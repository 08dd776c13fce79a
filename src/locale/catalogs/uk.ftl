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

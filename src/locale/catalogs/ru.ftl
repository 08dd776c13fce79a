# Words of the reader's pages in Russian.

skip = Перейти к содержанию
home = Главная
trail = Вы здесь
all-regions = Все места

regions-title = Информация для вашего города или района
regions-intro = Выберите свой город или район. Там вы найдёте достоверную информацию на нескольких языках.
regions-none = Здесь пока ничего не опубликовано.
region-intro = Достоверная информация о жизни здесь – от местных учреждений.
topics = Темы
section = В этом разделе
more =
    { $count ->
        [one] и ещё { $count } тема
        [few] и ещё { $count } темы
        [many] и ещё { $count } тем
       *[other] и ещё { $count } темы
    }

language = Язык
language-choose = Выберите язык
language-elsewhere = Этой страницы там пока нет. Эти ссылки ведут на ближайшую страницу.
languages-count =
    { $count ->
        [one] На { $count } языке
        [few] На { $count } языках
        [many] На { $count } языках
       *[other] На { $count } языках
    }

updated = Последнее изменение: { $date }
outdated = Этот перевод устарел. С тех пор исходный текст был изменён.
machine = Этот текст переведён компьютером и ещё не проверен человеком. В нём могут быть ошибки.
source-link = Читать исходный текст: { $language }

mirrored-title = Откуда этот текст
mirrored-from = Источник этого текста – { $origin }. Здесь он показан без изменений.
mirrored-link = Посмотреть оригинал
mirrored-confirmed = Последнее сравнение с оригиналом: { $date }
mirrored-unconfirmed = С этой даты мы не могли проверить, изменился ли оригинал: { $date }. Если сомневаетесь, спросите.
origin = Издатель
credit = Автор
licence = Лицензия
pictures = Изображения

picture-elsewhere = Посмотреть изображение на другом сайте
film-elsewhere = Посмотреть видео на другом сайте
table = Таблица

missing-title = Страница не найдена
missing-text = По этому адресу нет страницы. Возможно, её удалили или в адресе есть опечатка.
missing-languages = Эта страница есть на следующих языках:
missing-way = Куда перейти дальше:
broken-title = Не получилось
broken-text = На нашей стороне произошла ошибка. Попробуйте ещё раз через несколько минут.

feedback-question = Это было полезно?
feedback-yes = Да
feedback-no = Нет
feedback-comment = Что можно улучшить? (необязательно)
feedback-hint = Пожалуйста, не пишите ничего о себе. Ответа вы не получите.
feedback-trap = Оставьте это поле пустым
feedback-send = Отправить
feedback-thanks-title = Спасибо
feedback-thanks-text = Ваш ответ поможет сделать эту информацию лучше для всех.
feedback-often-text = Вы отправили несколько ответов за короткое время. Попробуйте ещё раз через несколько минут.
feedback-refused-text = Выберите «Да» или «Нет» или напишите не слишком длинный комментарий и отправьте ещё раз.
feedback-back = Вернуться

footer-content = Содержание: { $name }
footer-quiet = Этот сайт не использует файлы cookie и ничего не загружает с других серверов.
footer-software = Lotse – свободная программа для муниципалитетов.
print-note = Распечатано с:

category-other = Другое

events = Мероприятия
events-none = Сейчас мероприятий не объявлено.
events-running = Уже идёт
calendar-of = Календарь: { $date }
changes = Последние изменения
calendar-subscribe = Подписаться на календарь
calendar-add = Добавить в свой календарь
as-list = Списком
month-previous = Предыдущий месяц
month-next = Следующий месяц
month-through = В течение долгого времени
when = Когда
where = Где
today = Сегодня
all-day = Весь день
time-at = { $from }
time-span = { $from }–{ $to }
date-span = { $from } – { $to }
until = Последний день: { $date }
only-weekdays = Только с понедельника по пятницу
dates-next = Ближайшие даты
dates-more = Затем будут и другие даты.
repeats-daily =
    { $count ->
        [1] Каждый день
        [one] Каждый { $count } день
        [few] Каждые { $count } дня
       *[other] Каждые { $count } дней
    }
repeats-weekly =
    { $count ->
        [1] Каждую неделю: { $days }
        [one] Каждую { $count } неделю: { $days }
        [few] Каждые { $count } недели: { $days }
       *[other] Каждые { $count } недель: { $days }
    }
repeats-monthly =
    { $count ->
        [1] Каждый месяц
        [one] Каждый { $count } месяц
        [few] Каждые { $count } месяца
       *[other] Каждые { $count } месяцев
    }
repeats-yearly =
    { $count ->
        [1] Каждый год
        [one] Каждый { $count } год
        [few] Каждые { $count } года
       *[other] Каждые { $count } лет
    }
cancelled = Отменено
moved-from = Перенесено, прежняя дата: { $date }
online = Онлайн
online-link = Участвовать онлайн

places = Места и услуги
address = Адрес
map-app = Открыть в приложении с картами
map-web = Посмотреть на OpenStreetMap
hours = Часы работы
hours-usual = Обычно: { $hours }
hours-special = Особые часы
hours-holidays = В праздничные дни
closed = Закрыто
opens-next = Снова открыто: { $date }, { $time }
open-all-day = Круглосуточно
by-appointment = По предварительной записи
appointment-hours = По предварительной записи: { $hours }
temporarily-closed = Временно закрыто
appointment = Записаться на приём
contact = Контакты
phone = Телефон
mobile = Мобильный телефон
email = Эл. почта
website = Сайт
barrier-free = Доступно для людей с инвалидностью
barrier-not-free = Недоступно для людей с инвалидностью
organisation = Организация
responsible = Кто отвечает за эту страницу
offers = Услуги
events-here = Мероприятия в этом месте

news = Новости
imprint = Выходные данные
shown-in = Этого текста на вашем языке пока нет. Он показан на другом языке: { $language }

topics = Темы
audiences = Для кого
term-language = Язык
term-housing = Жильё
term-work-education = Работа и образование
term-participation = Участие в жизни общества
term-before-arrival = До приезда
term-arriving = Недавно приехавшие
term-settled = Живущие здесь давно
term-worker = Работающие
term-family = Семьи
term-student = Студенты
term-refugee = Беженцы

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

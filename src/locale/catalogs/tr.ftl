# Words of the reader's pages in Turkish.

skip = İçeriğe geç
home = Ana sayfa
trail = Buradasınız
all-regions = Tüm yerler

regions-title = Yaşadığınız yer için bilgiler
regions-intro = Yaşadığınız yeri seçin. Orada birkaç dilde güvenilir bilgiler bulacaksınız.
regions-none = Burada henüz bir şey yayımlanmadı.
region-intro = Buradaki yaşam için, yerel kurumlardan güvenilir bilgiler.
topics = Konular
section = Bu bölümde
more =
    { $count ->
        [one] ve bir konu daha
       *[other] ve { $count } konu daha
    }

language = Dil
language-choose = Dil seçin
language-elsewhere = Bu sayfa o dillerde henüz yok. Bu bağlantılar en yakın sayfaya götürür.
languages-count =
    { $count ->
        [one] Bir dilde
       *[other] { $count } dilde
    }

updated = Son değişiklik: { $date }
outdated = Bu çeviri güncel değil. Asıl metin sonradan değiştirildi.
machine = Bu metin bilgisayar tarafından çevrildi ve henüz bir insan tarafından kontrol edilmedi. Hatalar içerebilir.
source-link = Asıl metni okuyun: { $language }

mirrored-title = Bu metnin kaynağı
mirrored-from = Bu metnin kaynağı { $origin }. Metin burada değiştirilmeden gösteriliyor.
mirrored-link = Asıl metne bakın
mirrored-confirmed = Asıl metinle son karşılaştırma: { $date }
mirrored-unconfirmed = Şu tarihten beri asıl metnin değişip değişmediğini kontrol edemedik: { $date }. Emin değilseniz lütfen sorun.
origin = Yayımlayan
credit = Yazar
licence = Lisans
pictures = Görseller

picture-elsewhere = Resmi başka bir web sitesinde görün
film-elsewhere = Videoyu başka bir web sitesinde izleyin
table = Tablo

missing-title = Sayfa bulunamadı
missing-text = Bu adreste bir sayfa yok. Sayfa kaldırılmış veya adres yanlış yazılmış olabilir.
missing-languages = Bu sayfanın bulunduğu diller:
missing-way = Buradan devam edebilirsiniz:
broken-title = Olmadı
broken-text = Bizden kaynaklanan bir hata oluştu. Lütfen birkaç dakika sonra tekrar deneyin.

feedback-question = Bu bilgi yararlı oldu mu?
feedback-yes = Evet
feedback-no = Hayır
feedback-comment = Ne daha iyi olabilir? (isteğe bağlı)
feedback-hint = Lütfen kendinizle ilgili bir şey yazmayın. Yanıt almayacaksınız.
feedback-trap = Bu alanı boş bırakın
feedback-send = Gönder
feedback-thanks-title = Teşekkürler
feedback-thanks-text = Yanıtınız bu bilgilerin herkes için daha iyi olmasına yardımcı olur.
feedback-often-text = Kısa sürede birkaç yanıt gönderdiniz. Lütfen birkaç dakika sonra tekrar deneyin.
feedback-refused-text = Lütfen evet veya hayır seçeneğini işaretleyin ya da çok uzun olmayan bir yorum yazın ve tekrar gönderin.
feedback-back = Geri dön

footer-content = İçerik: { $name }
footer-quiet = Bu site çerez kullanmaz ve başka sunuculardan hiçbir şey yüklemez.
footer-software = Lotse, belediyeler için özgür bir yazılımdır.
print-note = Yazdırıldığı adres:

category-other = Diğer

events = Etkinlikler
events-none = Şu anda duyurulmuş bir etkinlik yok.
events-running = Başladı, devam ediyor
calendar-of = Takvim: { $date }
changes = Son değişiklikler
calendar-subscribe = Takvime abone ol
calendar-add = Takviminize ekleyin
as-list = Liste olarak
month-previous = Önceki ay
month-next = Sonraki ay
month-through = Uzun süreli
when = Ne zaman
where = Nerede
today = Bugün
all-day = Tüm gün
time-at = Saat { $from }
time-span = { $from }–{ $to }
date-span = { $from } – { $to }
until = Son gün: { $date }
only-weekdays = Yalnızca pazartesiden cumaya
dates-next = Sıradaki tarihler
dates-more = Bunların ardından başka tarihler de var.
repeats-daily =
    { $count ->
        [1] Her gün
       *[other] { $count } günde bir
    }
repeats-weekly =
    { $count ->
        [1] Her hafta: { $days }
       *[other] { $count } haftada bir: { $days }
    }
repeats-monthly =
    { $count ->
        [1] Her ay
       *[other] { $count } ayda bir
    }
repeats-yearly =
    { $count ->
        [1] Her yıl
       *[other] { $count } yılda bir
    }
cancelled = İptal edildi
moved-from = Ertelendi, önceki tarih: { $date }
online = Çevrim içi
online-link = Çevrim içi katılın

places = Yerler ve hizmetler
address = Adres
map-app = Harita uygulamasında açın
map-web = OpenStreetMap'te görüntüle
hours = Çalışma saatleri
hours-usual = Genellikle: { $hours }
hours-special = Farklı saatler
hours-holidays = Resmî tatillerde
closed = Kapalı
opens-next = Yeniden açılış: { $date }, { $time }
open-all-day = 24 saat açık
by-appointment = Randevuyla
appointment-hours = Randevuyla: { $hours }
temporarily-closed = Geçici olarak kapalı
appointment = Randevu alın
contact = İletişim
phone = Telefon
mobile = Cep telefonu
email = E-posta
website = Web sitesi
barrier-free = Engelsiz erişim var
barrier-not-free = Engelsiz erişim yok
organisation = Kuruluş
responsible = Bu sayfadan sorumlu
offers = Hizmetler
events-here = Bu yerdeki etkinlikler

news = Haberler
imprint = Künye
shown-in = Bu metin henüz sizin dilinizde yok. Başka bir dilde gösteriliyor: { $language }

topics = Konular
audiences = Kimler için
term-language = Dil
term-housing = Konut
term-work-education = İş ve eğitim
term-participation = Toplumsal katılım
term-before-arrival = Gelmeden önce
term-arriving = Yeni gelenler
term-settled = Bir süredir burada yaşayanlar
term-worker = Çalışanlar
term-family = Aileler
term-student = Öğrenciler
term-refugee = Mülteciler

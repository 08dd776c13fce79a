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

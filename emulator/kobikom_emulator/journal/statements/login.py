"""The statements about signing in (A)."""

LOGIN = """
A-01.1 D
For sends, -10 is listed as a wrong user name.
Gönderim kodlarında -10, hatalı kullanıcı adı olarak geçer.

A-01.2 D
For pulls, 10 is listed as a missing user name.
Rapor kodlarında 10, eksik kullanıcı adı olarak geçer.

A-01.3 A
The ancestor says of both that the user name is missing.
Ata kılavuz ikisinde de kullanıcı adının eksik olduğunu söyler.

A-01.4 I
A missing or empty kullanici is -10; an unknown one too under the reading login-codes=wrong.
kullanici yoksa ya da boşsa -10; login-codes=wrong yorumunda bilinmeyen kullanıcı da -10 alır.

A-02.1 D
For sends, -11 is listed as a wrong password.
Gönderim kodlarında -11, hatalı parola olarak geçer.

A-02.2 D
For pulls, 11 is listed as a missing password.
Rapor kodlarında 11, eksik şifre olarak geçer.

A-02.3 A
The ancestor says of both that the password is missing.
Ata kılavuz ikisinde de parolanın eksik olduğunu söyler.

A-02.4 I
Where both are missing, the answer is -10.
İkisi de eksikse yanıt -10'dur.

A-02.5 I
A missing or empty parola is -11; the wrong password of a known user too under the reading login-codes=wrong.
parola yoksa ya da boşsa -11; login-codes=wrong yorumunda bilinen kullanıcının yanlış parolası da -11 alır.

A-03.1 D
-5 says that user name and password are invalid.
-5, kullanıcı adı ve şifrenin geçersiz olduğunu söyler.

A-03.2 I
An unknown user and a wrong password are both -5, and nothing tells them apart (reading login-codes=missing).
Bilinmeyen kullanıcı da yanlış parola da -5 alır, ikisi ayırt edilemez (login-codes=missing yorumu).

A-03.3 I
Under the reading login-codes=wrong, -5 does not appear by itself.
login-codes=wrong yorumunda -5 kendiliğinden görülmez.

A-04.1 A, I
Order of judgement: unreadable XML is -22, then -10, -11, -5, then everything else.
Denetim sırası: okunamayan XML -22, sonra -10, -11, -5, ardından ötekiler.

A-05.1 A
A request that is refused as a whole is answered by one result with empty messageid and destination (reading \
refusal-shape).
Bütünüyle reddedilen isteğe tek bir sonuç döner; messageid ve destination boştur (refusal-shape yorumu).

A-06.1 I
The same document answers a refused title or balance query.
Reddedilen başlık ya da bakiye sorgusuna da aynı belge döner.
"""

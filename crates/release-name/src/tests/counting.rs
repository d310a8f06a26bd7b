//! The ways that people write seasons and episodes: apart, in lists, in their own language, and beside numbers that are none.

use super::identities;

#[test]
fn seasons_and_episodes_are_crossed_counted_and_listed() {
    identities(&[
        ("Salt Road 1 x 03.mkv", "Salt Road s1 e3"),
        ("Salt Road 1 x 3 - The Well.mkv", "Salt Road s1 e3"),
        ("Salt Road - 2 x 11 - The Well.avi", "Salt Road s2 e11"),
        ("Salt.Road.1.x.03.avi", "Salt Road s1 e3"),
        ("Salt_Road_01_x_03.avi", "Salt Road s1 e3"),
        ("Salt Road - 1 X 03 (HDTV).avi", "Salt Road s1 e3"),
        ("Salt Road 1x 03.mkv", "Salt Road s1 e3"),
        ("Salt Road 1 x03.mkv", "Salt Road s1 e3"),
        ("Salt.Road.1xAll-LTN", "Salt Road s1"),
        ("Salt Road 2xAll HDTV", "Salt Road s2"),
        ("Salt Road - 3xALL - 720p", "Salt Road s3"),
        ("Salt Road 1x01-13 720p", "Salt Road s1 e1-13"),
        ("Salt Road [2x04] The Well.avi", "Salt Road s2 e4"),
        ("Salt Road (2x04) The Well.avi", "Salt Road s2 e4"),
        ("4 x 4 Adventure 2010 1080p.mkv", "4 x 4 Adventure (2010)"),
        ("Salt Road 1920 x 1080.mkv", "Salt Road"),
        ("Salt Road Season 3of5.mkv", "Salt Road s3"),
        ("Salt Road Season 3 of 5 1080p", "Salt Road s3"),
        ("Salt Road (Season 2 of 4)", "Salt Road s2"),
        ("Salt Road S01E03of10 720p.mkv", "Salt Road s1 e3"),
        ("Salt Road S01E03 of 10 720p.mkv", "Salt Road s1 e3"),
        ("Salt Road 3of10 HDTV.mkv", "Salt Road e3"),
        ("Salt Road S02 (3 of 8) 720p.mkv", "Salt Road s2 e3"),
        ("Salt Road E01 02 03.mkv", "Salt Road e1-3"),
        ("Salt Road S01E01 02 03.mkv", "Salt Road s1 e1-3"),
        ("Salt Road S01E01 02 720p.mkv", "Salt Road s1 e1-2"),
        ("Salt.Road.S01.E01.02.03.720p.mkv", "Salt Road s1 e1-3"),
        ("Salt Road S01E05 06.mkv", "Salt Road s1 e5-6"),
        ("Salt Road S01E01-02-03.mkv", "Salt Road s1 e1-3"),
        ("Salt Road S01E01 E02 E03.mkv", "Salt Road s1 e1-3"),
        ("Salt Road - 1x01 02 03.avi", "Salt Road s1 e1-3"),
        ("Salt Road - 1x01,02,03.avi", "Salt Road s1 e1-3"),
        ("Salt Road S01E01&02.mkv", "Salt Road s1 e1-2"),
        ("Salt Road S01E01 & E02.mkv", "Salt Road s1 e1-2"),
        ("[Lantern] Kumo no Machi - 02.5 [720p].mkv", "Kumo no Machi #2.5"),
        ("[Lantern] Kumo no Machi S2 - 02.5 [720p].mkv", "Kumo no Machi s2 #2.5"),
        ("Kumo no Machi 02.5.mkv", "Kumo no Machi #2.5"),
        ("[Lantern] Kumo no Machi S01E02.5 [720p].mkv", "Kumo no Machi s1 #2.5"),
        ("Kumo no Machi Episode 02.5 [720p].mkv", "Kumo no Machi #2.5"),
        ("[Lantern] Kumo no Machi - 13.5v2 (720p).mkv", "Kumo no Machi #13.5"),
        ("[Lantern] Kumo no Machi - 111C [720p].mkv", "Kumo no Machi #111"),
        ("[Lantern] Kumo no Machi - 04a [720p].mkv", "Kumo no Machi #4"),
        ("[Lantern] Kumo no Machi 12B [720p].mkv", "Kumo no Machi #12"),
        ("[Lantern] Kumo no Machi - 25A (1080p).mkv", "Kumo no Machi #25"),
    ]);
}

#[test]
fn seasons_and_episodes_are_said_in_either_order() {
    identities(&[
        ("Tuz Yolu 2 Sezon 7 Bolum.mp4", "Tuz Yolu s2 e7"),
        ("Tuz Yolu 2. Sezon 7. Bölüm 1080p.mp4", "Tuz Yolu s2 e7"),
        ("Tuz Yolu Sezon 2 Bölüm 7.mp4", "Tuz Yolu s2 e7"),
        ("Tuz.Yolu.2.Sezon.7.Bolum.720p.mkv", "Tuz Yolu s2 e7"),
        ("Tuz Yolu 2.Sezon 7.Bölüm.mkv", "Tuz Yolu s2 e7"),
        ("Tuz Yolu S02B07.mkv", "Tuz Yolu s2 e7"),
        ("Tuz Yolu 112.Bölüm.mp4", "Tuz Yolu e112"),
        ("Die Salzstrasse 2 Staffel 7 Folge.mp4", "Die Salzstrasse s2 e7"),
        ("Die Salzstrasse Staffel 2 Folge 7.mp4", "Die Salzstrasse s2 e7"),
        ("La Ruta 2 Temporada 7 Capitulo.mp4", "La Ruta s2 e7"),
        ("La Ruta Temporada 2 Capitulo 7.mp4", "La Ruta s2 e7"),
        ("La Ruta 2 temporada episodio 7.mp4", "La Ruta s2 e7"),
        ("La Ruta 2ª Temporada 7º Episódio.mp4", "La Ruta s2 e7"),
        ("La Route 2 Saison 7 Episode.mp4", "La Route s2 e7"),
        ("La Route Saison 2 Episode 7 VF.mp4", "La Route s2 e7"),
        ("La Route 2eme Saison Episode 7.mp4", "La Route s2 e7"),
        ("La Via 2 Stagione 7 Episodio.mp4", "La Via s2 e7"),
        ("La Via 2 stagione 7 puntata.avi", "La Via s2 e7"),
        ("Droga Soli 2 sezon 7 odcinek.mp4", "Droga Soli s2 e7"),
        ("Droga Soli sezon 2 odcinek 7.mp4", "Droga Soli s2 e7"),
        ("Droga Soli odc. 7 sezon 2.mp4", "Droga Soli s2 e7"),
    ]);
}

#[test]
fn seasons_and_episodes_are_said_in_every_script() {
    identities(&[
        ("Соляной путь 2 сезон 7 серия.mkv", "Соляной путь s2 e7"),
        ("Соляной путь Сезон 2 Серия 7.mkv", "Соляной путь s2 e7"),
        ("Соляной путь с2 с7.mkv", "Соляной путь s2 e7"),
        ("Соляной путь с02э07.mkv", "Соляной путь s2 e7"),
        ("Соляной путь с02с07.mkv", "Соляной путь s2 e7"),
        ("Соляной шлях 2 сезон 7 серія.mkv", "Соляной шлях s2 e7"),
        ("Sůl 2 série 7 díl.avi", "Sůl s2 e7"),
        ("Sůl 2. série 7. díl.avi", "Sůl s2 e7"),
        ("Soľ 2 séria 7 diel.avi", "Soľ s2 e7"),
        ("Só út 2 évad 7 rész.mkv", "Só út s2 e7"),
        ("Só út 2.évad 7.rész.mkv", "Só út s2 e7"),
        ("Drumul sezonul 2 episodul 7.mkv", "Drumul s2 e7"),
        ("Drumul 2 sezonul 7 episodul.mkv", "Drumul s2 e7"),
        ("Zoutweg seizoen 2 aflevering 7.mkv", "Zoutweg s2 e7"),
        ("Zoutweg 2 seizoen 7 aflevering.mkv", "Zoutweg s2 e7"),
        ("Saltvägen säsong 2 avsnitt 7.mkv", "Saltvägen s2 e7"),
        ("Saltveien sesong 2 episode 7.mkv", "Saltveien s2 e7"),
        ("Saltvejen sæson 2 afsnit 7.mkv", "Saltvejen s2 e7"),
        ("Suolatie kausi 2 jakso 7.mkv", "Suolatie s2 e7"),
        ("Suolatie 2 kausi 7 jakso.mkv", "Suolatie s2 e7"),
        ("Put soli sezona 2 epizoda 7.mkv", "Put soli s2 e7"),
        ("Put soli 2 sezona 7 epizoda.mkv", "Put soli s2 e7"),
        ("Jalan Garam musim 2 episode 7.mkv", "Jalan Garam s2 e7"),
        ("Đường Muối mùa 2 tập 7.mkv", "Đường Muối s2 e7"),
        ("Đường Muối Phần 2 Tập 7.mkv", "Đường Muối s2 e7"),
        ("طريق الملح الموسم 2 الحلقة 7.mkv", "طريق الملح s2 e7"),
        ("طريق الملح ج3 ح5.mkv", "طريق الملح s3 e5"),
        ("طريق الملح ج 3 ح 12.mp4", "طريق الملح s3 e12"),
        ("طريق الملح ح5.mkv", "طريق الملح e5"),
        ("طريق الملح ح 5.mkv", "طريق الملح e5"),
        ("طريق الملح ج3.mkv", "طريق الملح s3"),
        ("طريق الملح م2 ح7.mkv", "طريق الملح s2 e7"),
        ("طريق الملح الجزء 3 الحلقة 12.mkv", "طريق الملح s3 e12"),
        ("مسلسل طريق الملح ج3 الحلقة 12.mp4", "طريق الملح s3 e12"),
        ("جاده نمک فصل 2 قسمت 7.mkv", "جاده نمک s2 e7"),
        ("दर सीजन 2 एपिसोड 7.mkv", "दर s2 e7"),
        ("ทางเกลือ ซีซั่น 2 ตอนที่ 7.mkv", "ทางเกลือ s2 e7"),
        ("소금길 시즌 2 7화.mkv", "소금길 s2 e7"),
        ("塩の道 シーズン2 第7話.mkv", "塩の道 s2 e7"),
        ("盐路 第2季 第7集.mkv", "盐路 s2 e7"),
        ("盐路 第二季第七集.mkv", "盐路 s2 e7"),
        ("Salt Road Temp 2 Cap 7.mkv", "Salt Road s2 e7"),
        ("Salt Road Temp.2 Cap.7.mkv", "Salt Road s2 e7"),
        ("Salt Road Tem 1 Cap 3.mkv", "Salt Road s1 e3"),
        ("Salt Road Tem 1.mkv", "Salt Road s1"),
        ("Salt Road - Temp 1 [HDTV 720p][Cap.102][AC3 5.1 Castellano]", "Salt Road s1 e2"),
        ("Salt Road [HDTV][Cap.102].avi", "Salt Road s1 e2"),
        ("Salt Road [Cap.102_103][HDTV].avi", "Salt Road s1 e2-3"),
        ("Salt Road - Temporada 1 [HDTV][Cap.104][Spanish]", "Salt Road s1 e4"),
        ("Salt Road Cap 102.mkv", "Salt Road e102"),
        ("Salt Road Cap.7.mkv", "Salt Road e7"),
        ("Salt Road T1 Cap 7.mkv", "Salt Road s1 e7"),
        ("Salt Road T1E07.mkv", "Salt Road s1 e7"),
    ]);
}

#[test]
fn a_number_of_the_episodes_title_is_no_range() {
    identities(&[
        ("Salt.Road.S02xE09-791.avi", "Salt Road s2 e9"),
        ("Salt.Road.S04E13-815.720p.mkv", "Salt Road s4 e13"),
        ("Salt.Road.S01E05-100.Days.720p.mkv", "Salt Road s1 e5"),
        ("Salt Road S02E03-300 Miles.mkv", "Salt Road s2 e3"),
        ("Salt Road S01E01-10 720p.mkv", "Salt Road s1 e1-10"),
        ("Salt Road S01E01-E24 720p.mkv", "Salt Road s1 e1-24"),
        ("Salt Road S01E12-13.mkv", "Salt Road s1 e12-13"),
        ("Salt.Road.S01E11-20.1080p.mkv", "Salt Road s1 e11-20"),
        ("Salt.Road.S03E05-1408.mkv", "Salt Road s3 e5"),
        ("Salt.Road.S03E05-99.mkv", "Salt Road s3 e5"),
        ("Salt.Road.E01-E52.mkv", "Salt Road e1-52"),
        ("Salt Road S01E01-100 Complete.mkv", "Salt Road s1 e1-100"),
        ("Salt Road 2x07-666.avi", "Salt Road s2 e7"),
        ("Salt.Road.S01E09-137.avi", "Salt Road s1 e9"),
    ]);
}

#[test]
fn parts_and_television_seasons_are_seasons() {
    identities(&[
        ("[Lantern] Kumo TV-2 - 05 [720p].mkv", "Kumo s2 e5"),
        ("[Lantern] Kumo TV-1 - 12 [720p].mkv", "Kumo s1 e12"),
        ("Kumo TV-3 05.mkv", "Kumo s3 e5"),
        ("Kumo (ТВ-2) [01-12 из 12]", "Kumo s2 e1-12"),
        ("Kumo [TV2] [01-12]", "Kumo s2 e1-12"),
        ("[Lantern] Kumo [TV-3] [07 of 12] [ru_jp] [720p].mkv", "Kumo s3 e7"),
        ("Kumo no Machi S02P02 1080p WEBRip DD+ x265-LTN.mkv", "Kumo no Machi s2"),
        ("Kumo no Machi S02 Part 2 1080p.mkv", "Kumo no Machi s2"),
        ("Kumo no Machi S02P01E05 1080p.mkv", "Kumo no Machi s2 e5"),
        ("Kumo no Machi S02 P02 - 05 1080p.mkv", "Kumo no Machi s2 e5"),
        ("Kumo no Machi S4 Part 3 - 02 [1080p].mkv", "Kumo no Machi s4 e2"),
        ("Kumo no Machi Season 4 Part 2 (1080p).mkv", "Kumo no Machi s4"),
        ("Kumo no Machi 2nd Season Part 2 - 05 [1080p].mkv", "Kumo no Machi s2 e5"),
        ("[Lantern] Kumo no Machi S2 Cour 2 - 05 [1080p].mkv", "Kumo no Machi s2 e5"),
    ]);
}

#[test]
fn numbers_ahead_count_what_follows() {
    identities(&[
        ("003. Salt Road - The Well.avi", "Salt Road #3"),
        ("003-004. Salt Road - The Well.avi", "Salt Road #3-4"),
        ("03-Salt.Road.avi", "Salt Road #3"),
        ("03-Salt Road.mkv", "Salt Road #3"),
        ("03_Salt_Road.avi", "Salt Road #3"),
        ("01. Salt Road.mkv", "Salt Road #1"),
        ("1. Salt Road (2019).mkv", "Salt Road (2019)"),
        ("12. Salt Road (2019).mkv", "Salt Road (2019)"),
        ("12.Salt.Road.2019.1080p.mkv", "12 Salt Road (2019)"),
        ("007. Salt Road - The Well [720p].mkv", "Salt Road #7"),
    ]);
}

#[test]
fn words_of_captions_count_in_names() {
    identities(&[
        ("Աղի ճանապարհ սեզոն 2 սերիա 7.mkv", "Աղի ճանապարհ s2 e7"),
        ("Ο δρόμος κύκλος 2 επεισόδιο 7.mkv", "Ο δρόμος s2 e7"),
        ("Sala vojo sezono 2 epizodo 7.mkv", "Sala vojo s2"),
        ("ලුණු පාර සමය 2 කොටස 7.mkv", "ලුණු පාර s2 e7"),
        ("Tuz yoli 2 mavsum 7 qism.mkv", "Tuz yoli s2 e7"),
        ("소금길 시즌 2 에피소드 7.mkv", "소금길 s2 e7"),
        ("Waddada qaybta 7.mkv", "Waddada e7"),
        ("Пътят сезон 2 еп 7.mkv", "Пътят s2 e7"),
    ]);
}

#[test]
fn seasons_and_episodes_are_parted_in_every_way() {
    identities(&[
        ("Salt.Road.S02.All.720p.mkv", "Salt Road s2"),
        ("Salt Road Season 2 All.mkv", "Salt Road s2"),
        ("Salt Road 2of6.mkv", "Salt Road e2"),
        ("Salt Road (2of6).mkv", "Salt Road e2"),
        ("Salt Road Ep2of6.mkv", "Salt Road e2"),
        ("Salt Road Part 2 of 6.mkv", "Salt Road e2"),
        ("Salt Road S01E02-E03-E04.mkv", "Salt Road s1 e2-4"),
        ("Salt Road S01E02-03-04.mkv", "Salt Road s1 e2-4"),
        ("Salt Road s01e02e03-e05.mkv", "Salt Road s1 e2-5"),
        ("Salt Road S01 02-05.mkv", "Salt Road s1 e2-5"),
        ("Salt Road 01x02-05.mkv", "Salt Road s1 e2-5"),
        ("Salt Road S1 02.mkv", "Salt Road s1 e2"),
        ("Salt Road S1 - 2.mkv", "Salt Road s1 e2"),
        ("Salt Road S01-02.mkv", "Salt Road s1-2"),
        ("Salt Road S01.02.mkv", "Salt Road s1 e2"),
        ("Salt.Road.S01.02.720p.mkv", "Salt Road s1 e2"),
        ("Salt_Road_S01_02_720p.mkv", "Salt Road s1 e2"),
        ("Salt Road s1.e2.mkv", "Salt Road s1 e2"),
        ("Salt Road s1_e2.mkv", "Salt Road s1 e2"),
        ("Salt Road S 01 E 02.mkv", "Salt Road s1 e2"),
        ("Salt Road Season1Episode2.mkv", "Salt Road s1 e2"),
        ("Salt Road Season 1Episode 2.mkv", "Salt Road s1 e2"),
        ("Salt Road Season.1.Episode.2.mkv", "Salt Road s1 e2"),
        ("Salt Road Season_1_Episode_2.mkv", "Salt Road s1 e2"),
        ("Salt Road season-1-episode-2.mkv", "Salt Road s1 e2"),
        ("salt-road-season-1-episode-2.mkv", "salt-road s1 e2"),
        ("salt-road-s01e02-720p.mkv", "salt-road s1 e2"),
        ("Salt Road Season 1 Ep. 2.mkv", "Salt Road s1 e2"),
        ("Salt Road (S1) (E2).mkv", "Salt Road s1 e2"),
        ("Salt Road {S01E02}.mkv", "Salt Road s1 e2"),
        ("Salt Road-S01E02.mkv", "Salt Road s1 e2"),
        ("Salt Road.S01E02.mkv", "Salt Road s1 e2"),
        ("SaltRoadS01E02.mkv", "SaltRoad s1 e2"),
        ("SaltRoad.S01E02.mkv", "SaltRoad s1 e2"),
        ("SaltRoad1x02.mkv", "SaltRoad s1 e2"),
        ("Salt Road S01E02 S01E03.mkv", "Salt Road s1 e2-3"),
        ("Salt Road S01E02 Hindi S01E03.mkv", "Salt Road s1 e2-3"),
        ("Salt Road S1 E2 & E3.mkv", "Salt Road s1 e2-3"),
        ("Salt Road S1 E2, E3.mkv", "Salt Road s1 e2-3"),
        ("Salt Road S1 Ep 2 & 3.mkv", "Salt Road s1 e2-3"),
        ("Salt Road S1 Ep 2,3,4.mkv", "Salt Road s1 e2-4"),
        ("Salt Road Episode 2 & 3.mkv", "Salt Road e2-3"),
        ("Salt Road Episode 2 and 3.mkv", "Salt Road e2-3"),
        ("Salt Road Episode 2 to 4.mkv", "Salt Road e2-4"),
        ("Salt Road [Ep 2 - Ep 4].mkv", "Salt Road e2-4"),
        ("Salt Road E02 Season 1.mkv", "Salt Road s1 e2"),
        ("Salt Road Episode 2 Season 1.mkv", "Salt Road s1 e2"),
        ("Salt Road Ep 02 S01.mkv", "Salt Road s1 e2"),
        ("Salt Road E02 S01 720p.mkv", "Salt Road s1 e2"),
        ("Salt Road Episode 2 (Season 1).mkv", "Salt Road s1 e2"),
    ]);
}

#[test]
fn seasons_and_episodes_stand_among_tags() {
    identities(&[
        ("Salt Road Episode 2 [S1].mkv", "Salt Road s1 e2"),
        ("E02 S01 Salt Road.mkv", "Salt Road s1 e2"),
        ("Ep 2 Salt Road 720p.mkv", "Salt Road e2"),
        ("Ep-2 Salt Road.mkv", "Salt Road e2"),
        ("Episode 2 - Salt Road.mkv", "Salt Road e2"),
        ("02 Salt Road S01.mkv", "Salt Road s1 e2"),
        ("Salt Road S01 Episode Two.mkv", "Salt Road s1 e2"),
        ("Salt Road Series 1 Ep 2.mkv", "Salt Road s1 e2"),
        ("Salt Road Book 1 Episode 2.mkv", "Salt Road s1 e2"),
        ("Salt Road Chapter 2.mkv", "Salt Road Chapter 2"),
        ("Salt Road Ch. 2.mkv", "Salt Road Ch. 2"),
        ("Salt Road 2019 S01 E02 Hindi.mkv", "Salt Road (2019) s1 e2"),
        ("Salt Road S01E02 2019 720p.mkv", "Salt Road (2019) s1 e2"),
        ("Salt Road S01E02 (2019) 720p.mkv", "Salt Road (2019) s1 e2"),
        ("Salt Road S01 2019 E02.mkv", "Salt Road (2019) s1 e2"),
        ("Salt Road S01 (2019) E02 720p.mkv", "Salt Road (2019) s1 e2"),
        ("Salt Road 720p E02.mkv", "Salt Road e2"),
        ("Salt Road 720p Ep 2 Hindi.mkv", "Salt Road e2"),
        ("Salt Road Hindi Dubbed 720p Season 1 Episode 2.mkv", "Salt Road s1 e2"),
        ("Salt Road Tamil Ep 02.mkv", "Salt Road e2"),
        ("Salt Road Tamil S01 Ep 02.mkv", "Salt Road s1 e2"),
        ("Salt Road [Hindi] Ep 02.mkv", "Salt Road e2"),
        ("Salt Road (Hindi) S01E02.mkv", "Salt Road s1 e2"),
        ("Salt Road - Hindi - S01E02.mkv", "Salt Road s1 e2"),
        ("Salt Road (Korean Drama) S01E02.mkv", "Salt Road s1 e2"),
        ("Salt Road K-Drama E02.mkv", "Salt Road K-Drama e2"),
        ("Salt Road (2019) Korean Drama Ep 2.mkv", "Salt Road (2019) e2"),
        ("Salt Road 22.06.2018 720p.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22 06 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22 Jun 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22-Jun-2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22nd Jun 2018 HDTV.mkv", "Salt Road @2018-06-22"),
        ("Salt Road June 22 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road Jun 22, 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 2018 06 22 Guest 720p.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 2018_06_22.mkv", "Salt Road @2018-06-22"),
        ("Salt.Road.18.06.22.mkv", "Salt Road @2018-06-22"),
        ("Salt Road (22 June 2018).mkv", "Salt Road @2018-06-22"),
        ("Salt Road [22-06-2018].mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22 июня 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22 Juni 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22 juin 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22 de junio de 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22 Haziran 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22 giugno 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt Road 22 czerwca 2018.mkv", "Salt Road @2018-06-22"),
        ("Salt.Road.2018x06.22.720p.mkv", "Salt Road @2018-06-22"),
        ("Salt.Road.S2018E06.22.mkv", "Salt Road s2018 e6"),
        ("Salt Road S01E02 22nd June 2018.mkv", "Salt Road s1 e2 @2018-06-22"),
    ]);
}

#[test]
fn season_and_episode_stand_ahead_in_figures() {
    identities(&[
        ("2-06. The Salt Well.mkv", "The Salt Well s2 e6"),
        ("2-06 - The Salt Well.mkv", "The Salt Well s2 e6"),
        ("11.14 - The Salt Well.mkv", "The Salt Well s11 e14"),
    ]);
}

#[test]
fn seasons_and_episodes_in_the_forms_of_releases() {
    identities(&[
        ("Salt.Road.Season.2.Episode.3.of.6.720p", "Salt Road s2 e3"),
        ("Salt.Road.Season.2.3of6.The.Well.HDTV", "Salt Road s2 e3"),
        ("Salt.Road.Season.1.2.3~5.HDTV", "Salt Road s1-5"),
        ("Salt.Road.Season.1&2.HDTV", "Salt Road s1-2"),
        ("Salt.Road.Season.1.to.3.HDTV", "Salt Road s1-3"),
        ("Salt.Road.-.Season.1.to.3.-.Mp4.1080p", "Salt Road s1-3"),
        ("Salt-Road-3x13x14x15.avi", "Salt-Road s3 e13-15"),
        ("Salt Road-3x13-15.avi", "Salt Road s3 e13-15"),
        ("Salt.Road.3x13-3x14-3x15.avi", "Salt Road s3 e13-15"),
        ("Salt.Road.S03E13-S03E15.avi", "Salt Road s3 e13-15"),
        ("Salt.Road.S03E13.S03E14.avi", "Salt Road s3 e13-14"),
        ("Salt.Road.S03E13E14.avi", "Salt Road s3 e13-14"),
        ("Salt.Road.S03E13&14.avi", "Salt Road s3 e13-14"),
        ("Salt-A (US) - The Well S02E09 hdtv", "Salt-A s2 e9"),
        ("Salt Road (US) - S02E09 - The Well", "Salt Road s2 e9"),
        ("Salt.Road.S03D1.PAL.DVDR", "Salt Road s3"),
        ("Salt.Road.S03.Disc.2.PAL.DVDR", "Salt Road s3"),
        ("Salt.Road.S03E02.Disc.2", "Salt Road s3 e2"),
        ("Salt.Road.5x02.Hello,.Door.ENG.-.sub.FR.HDTV.XviD-LTN-TeaM.[tvu.org.ru].avi", "Salt Road s5 e2"),
        ("Salt Road - 5x02 - Hello, Door.avi", "Salt Road s5 e2"),
        ("Salt Road 5x02 Hello (1).avi", "Salt Road s5 e2"),
        ("24.8x18.mkv", "24 s8 e18"),
        ("24 - 8x18.mkv", "24 s8 e18"),
        ("Salt.Road.Parte.3.avi", "Salt Road Parte 3"),
        ("Salt.Road.Season.1", "Salt Road s1"),
        ("Salt_Road_Season_1_[720p]", "Salt Road s1"),
        ("Salt.Road.s1e1-s1e6.HDTV", "Salt Road s1 e1-6"),
        ("Salt.Road.1x1.avi", "Salt Road s1 e1"),
        ("Salt.Road.1x1-1x3.avi", "Salt Road s1 e1-3"),
        ("Salt.Road.2x3.mkv", "Salt Road s2 e3"),
        ("Salt.Road.2x13", "Salt Road s2 e13"),
        ("Salt Road.s02e03.mkv", "Salt Road s2 e3"),
        ("Salt Road s02 03.mkv", "Salt Road s2 e3"),
        ("Salt Road - S02x03 - The Well.mkv", "Salt Road s2 e3"),
        ("Salt Road - S2x03.mkv", "Salt Road s2 e3"),
        ("Salt Road S02 X 03.mkv", "Salt Road s2 e3"),
        ("Salt.Road.S02x03.mkv", "Salt Road s2 e3"),
        ("Salt.Road.2e03.mkv", "Salt Road 2e03"),
        ("Salt Road [2x03] (720p).mkv", "Salt Road s2 e3"),
        ("[Salt Road] 2x03 [720p].mkv", "Salt Road s2 e3"),
        ("[2x03] Salt Road - The Well.mkv", "Salt Road s2 e3"),
        ("(2x03) Salt Road - The Well.mkv", "Salt Road s2 e3"),
        ("2x03 - Salt Road - The Well.mkv", "Salt Road - The Well s2 e3"),
        ("S02E03 Salt Road - The Well.mkv", "Salt Road - The Well s2 e3"),
        ("Salt.Road.E03.720p", "Salt Road e3"),
        ("Salt.Road.EP03.720p", "Salt Road e3"),
        ("Salt.Road.Episode.3.720p", "Salt Road e3"),
        ("Salt.Road.Ep.3.720p", "Salt Road e3"),
        ("Salt.Road.E03-04.720p", "Salt Road e3-4"),
    ]);
}

#[test]
fn packs_and_episodes_of_romance_languages() {
    identities(&[
        ("Salt.Road.E03E04.720p", "Salt Road e3-4"),
        ("Salt.Road.Pilot.720p.HDTV", "Salt Road Pilot"),
        ("Salt.Road.S01E00.Pilot.720p", "Salt Road s1 e0"),
        ("Salt.Road.S01.Pilot.720p", "Salt Road s1"),
        ("Salt.Road.S01.Special.The.Well.720p", "Salt Road s1"),
        ("Salt.Road.Special.The.Well.720p.HDTV", "Salt Road Special The Well"),
        ("Salt.Road.S00.The.Well.720p", "Salt Road s0"),
        ("Salt.Road.2019.Christmas.Special.720p.HDTV", "Salt Road (2019)"),
        ("Salt.Road.S01E02.PROPER.REPACK.720p", "Salt Road s1 e2"),
        ("Salt.Road.S01E02.iNTERNAL.HDTV", "Salt Road s1 e2"),
        ("Salt.Road.S01E02.720p.WEB.x264-LTN[eztv].mkv", "Salt Road s1 e2"),
        ("Salt.Road.S01E02.720p.WEB.x264-LTN[rartv]", "Salt Road s1 e2"),
        ("Salt Road S01E02 720p WEB x264-LTN EZTV", "Salt Road s1 e2"),
        ("Salt.Road.S01E02.XviD-AFG[ettv]", "Salt Road s1 e2"),
        ("Salt Road S01E02 HDTV x264 LTN ettv", "Salt Road s1 e2"),
        ("Salt.Road.S01E02.FINAL.FRENCH.HDTV.XviD-LTN.avi", "Salt Road s1 e2"),
        ("Salt.Road.S01E02.FASTSUB.VOSTFR.720p.HDTV.x264-LTN", "Salt Road s1 e2"),
        ("Salt.Road.S01E02.SUBFRENCH.HDTV.XviD-LTN", "Salt Road s1 e2"),
        ("Salt.Road.S01E02.iTALiAN.HDTV.XviD-LTN", "Salt Road s1 e2"),
        ("Salt Road 1x02 ITA ENG SUB 720p DLMux", "Salt Road s1 e2"),
        ("Salt.Road.S01e01-08.ITA.ENG.720p.DLMux.h264", "Salt Road s1 e1-8"),
        ("Salt.Road.1x01-08.iTA.AC3.DVDRip", "Salt Road s1 e1-8"),
        ("Salt Road S01e01-13 [SATRip ITA MP3]", "Salt Road s1 e1-13"),
        ("Salt Road Stagione 1 Completa ITA", "Salt Road s1"),
        ("Salt Road Temporada 1 Completa Castellano", "Salt Road s1"),
        ("Salt Road Saison 1 Complète FRENCH", "Salt Road s1"),
        ("Salt Road Saison 1 Integrale FRENCH", "Salt Road s1"),
        ("Salt Road Intégrale Saison 1 FRENCH", "Salt Road s1"),
        ("Salt Road Staffel 1 Komplett German", "Salt Road s1"),
        ("Salt Road Sezon 1 Tüm Bölümler", "Salt Road s1"),
        ("Salt Road 1. Sezon Tüm Bölümler", "Salt Road s1"),
        ("Salt Road [S01] [01-10] [1080p]", "Salt Road s1 e1-10"),
        ("Salt Road (2019) S01 [Season 1 Full]", "Salt Road (2019) s1"),
        ("Salt Road [Cap.101-110]", "Salt Road s1 e1-10"),
        ("Salt Road [Cap.101_110][HDTV]", "Salt Road s1 e1-10"),
        ("Salt Road [Cap.101 al 110][HDTV]", "Salt Road s1 e1-10"),
        ("Salt Road - Temporada 1 [HDTV][Cap.101-110]", "Salt Road s1 e1-10"),
        ("Salt Road 1x01 al 1x10", "Salt Road s1 e1-10"),
        ("Salt Road 1x01 a 1x10", "Salt Road s1 e1-10"),
        ("Salt Road Temp 1 Cap 01 al 10", "Salt Road s1 e1-10"),
        ("Salt Road T1 E1-10", "Salt Road s1 e1-10"),
        ("Salt Road T01XE02.mkv", "Salt Road s1 e2"),
        ("Salt Road T1x02.mkv", "Salt Road s1 e2"),
        ("Salt Road T1 x 02.mkv", "Salt Road s1 e2"),
        ("Salt Road 1a Temporada Ep 02", "Salt Road s1 e2"),
        ("Salt Road 1ª Temporada E02", "Salt Road s1 e2"),
        ("Salt Road Primeira Temporada Ep 2", "Salt Road s1 e2"),
    ]);
}

#[test]
fn parts_of_so_many_are_episodes() {
    identities(&[
        ("Salt Road Part 3 of 6 720p.mkv", "Salt Road e3"),
        ("Salt Road Part 3 of 4.avi", "Salt Road e3"),
        ("Salt Road (1994) Part 2 of 4.avi", "Salt Road (1994) e2"),
        ("Salt.Road.Part.2of5.HDTV.avi", "Salt Road e2"),
        // A film that was cut in two.
        ("Salt Road Part 1 of 2.avi", "Salt Road Part 1 of 2"),
        ("Salt Road Part Two 2019.mkv", "Salt Road Part Two (2019)"),
    ]);
}

#[test]
fn numbers_repeat_their_season() {
    identities(&[
        ("盐路 第3季第05集.mp4", "盐路 s3 e5"),
        ("盐路第2季第12集.mp4", "盐路 s2 e12"),
        ("Salt Road [Temporada 2] [Cap. 203].mkv", "Salt Road s2 e3"),
        ("Salt Road Temporada 2 Cap.203.mkv", "Salt Road s2 e3"),
        ("Salt Road T2 Cap 14.mkv", "Salt Road s2 e14"),
    ]);
}

#[test]
fn lone_numbers_count_behind_titles() {
    identities(&[
        ("Salt Road (9).mkv", "Salt Road #9"),
        ("Salt Road (2).mkv", "Salt Road"),
        ("Salt Road 2019 1080p (9).mkv", "Salt Road (2019)"),
        ("Kumo no Machi 1080 [1080p].mkv", "Kumo no Machi #1080"),
        ("Kumo no Machi Complete Series 1-500", "Kumo no Machi #1-500"),
    ]);
}

#[test]
fn two_episodes_stand_in_one_number() {
    identities(&[
        ("Salt Road S02E0506.avi", "Salt Road s2 e5-6"),
        ("Salt.Road.10708.hdtv-ltn.mp4", "Salt Road s1 e7-8"),
        ("Salt.Road.010910.HDTV.x264.mp4", "Salt Road s1 e9-10"),
        ("Salt Road S01E1011.mkv", "Salt Road s1 e1011"),
        ("Salt_Road_2_05.avi", "Salt Road s2 e5"),
        ("Salt Road 2-05.avi", "Salt Road s2 e5"),
        ("Salt Road 2-15.avi", "Salt Road #2-15"),
    ]);
}

#[test]
fn ordinals_and_words_of_more_languages_count() {
    identities(&[
        ("Duz yolu 2-ci mövsüm 8-ci seriya.mp4", "Duz yolu s2 e8"),
        ("Saltvägen Säsong 2 Del 8.avi", "Saltvägen s2 e8"),
        ("Soľná cesta 2. séria 8. časť.avi", "Soľná cesta s2 e8"),
        ("Salt Road Full Season 1 720p.mkv", "Salt Road s1"),
        ("Salzweg 1.-5. Staffel.avi", "Salzweg s1-5"),
        ("La route du sel L'intégrale.avi", "La route du sel"),
    ]);
}

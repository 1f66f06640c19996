using Likeness.Libravatar;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

/// <summary>The pictures beside the portrait: earlier ones go by and by, named ones stay.</summary>
[Trait("Requirement", "P-60")]
public abstract class AlbumContract(TestDatabase database) : StoreContract(database)
{
    private static readonly Identity Nurse = new("nurse@example.org");

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task A_replaced_picture_is_an_earlier_one_of_who_has_an_account()
    {
        await Show(Juliet, "old", minute: 1);
        await Show(Juliet, "new", minute: 2);
        await Show(Juliet, null, minute: 3);
        await Reopen();

        var album = await Stores.Albums.Find(Juliet);
        album.Pictures.Select(picture => (picture.Source.Id, picture.Since, picture.Ended)).ShouldBe(
        [
            (PictureOf("new").Id, Noon.AddMinutes(2), Noon.AddMinutes(3)),
            (PictureOf("old").Id, Noon.AddMinutes(1), Noon.AddMinutes(2)),
        ]);
        (await Stores.Portraits.FindPicture(PictureOf("old").Id)).ShouldNotBeNull().Bytes.ToArray().ShouldBe(PictureOf("old").Bytes.ToArray());

        await Show(Nurse, "bonnet", minute: 1);
        await Show(Nurse, "cap", minute: 2);
        (await Stores.Albums.Find(Nurse)).Pictures.Select(picture => picture.Source.Id).ShouldBe([PictureOf("cap").Id]);
        (await Stores.Portraits.FindPicture(PictureOf("bonnet").Id)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_shown_again_is_one_picture_and_not_two()
    {
        await Show(Juliet, "one", minute: 1);
        await Show(Juliet, "two", minute: 2);
        await Show(Juliet, "one", minute: 3);

        (await Stores.Albums.Find(Juliet)).Pictures.Select(picture => (picture.Source.Id, picture.Ended)).ShouldBe([(PictureOf("one").Id, null), (PictureOf("two").Id, Noon.AddMinutes(3))]);
    }

    [Fact]
    public async Task Of_earlier_ones_the_last_ten_stay_and_the_bytes_of_others_go()
    {
        for (var minute = 0; minute <= IAlbumStore.MaxEarlier + 1; minute++)
        {
            await Show(Juliet, $"{minute}", minute);
        }

        (await Stores.Albums.Find(Juliet)).Pictures.Count.ShouldBe(1 + IAlbumStore.MaxEarlier);
        (await Stores.Portraits.FindPicture(PictureOf("0").Id)).ShouldBeNull();
        (await Stores.Portraits.FindPicture(PictureOf("1").Id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Earlier_ones_go_by_their_bytes_too()
    {
        // Three are more than one may have.
        for (var minute = 0; minute < 3; minute++)
        {
            var large = Picture.Of(new byte[(int)(IAlbumStore.MaxBytes / 2) - minute], "image/png", 64, 64);
            await Stores.Portraits.Save(PortraitOf(Juliet, large) with { Changed = Noon.AddMinutes(minute) }, [large], null);
        }

        (await Stores.Albums.Find(Juliet)).Pictures.Select(picture => picture.Source.Length).ShouldBe([(int)(IAlbumStore.MaxBytes / 2) - 2, (int)(IAlbumStore.MaxBytes / 2) - 1]);
    }

    [Fact]
    public async Task Earlier_ones_go_by_age_and_named_ones_do_not()
    {
        await Show(Juliet, "named", minute: 0);
        await Show(Juliet, "unnamed", minute: 1);
        await Show(Juliet, "shown", minute: 2);
        (await Stores.Albums.Describe(Juliet, PictureOf("named").Id, "spring", null)).ShouldBeTrue();

        (await Stores.Albums.DropEarlier(Noon.AddMinutes(2))).ShouldBe(0);
        (await Stores.Albums.DropEarlier(Noon.AddMinutes(3))).ShouldBe(1);
        (await Stores.Albums.Find(Juliet)).Pictures.Select(picture => picture.Source.Id).ShouldBe([PictureOf("shown").Id, PictureOf("named").Id]);
        (await Stores.Portraits.FindPicture(PictureOf("unnamed").Id)).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "B-43")]
    public async Task What_was_shown_elsewhere_is_an_earlier_picture_like_others()
    {
        await Show(Juliet, "named", minute: 1);
        await Show(Juliet, "shown", minute: 2);
        (await Stores.Albums.Describe(Juliet, PictureOf("named").Id, "spring", null)).ShouldBeTrue();
        foreach (var name in (string[])["elsewhere", "named", "shown"])
        {
            await Stores.Albums.PutAway(Juliet, PictureOf(name), Origin.Beside, Noon.AddMinutes(3));
        }

        await Reopen();
        (await Stores.Albums.Find(Juliet)).Pictures.Select(picture => (picture.Source.Id, picture.Name, picture.Origin, picture.Ended)).ShouldBe(
            [
                (PictureOf("shown").Id, null, Origin.Web, null),
                (PictureOf("elsewhere").Id, null, Origin.Beside, Noon.AddMinutes(3)),
                (PictureOf("named").Id, "spring", Origin.Web, Noon.AddMinutes(3)),
            ],
            ignoreOrder: true);

        for (var number = 0; number < IAlbumStore.MaxEarlier; number++)
        {
            await Stores.Albums.PutAway(Juliet, PictureOf($"{number}"), Origin.Beside, Noon.AddMinutes(4 + number));
        }

        (await Stores.Albums.Find(Juliet)).Of(PictureOf("elsewhere").Id).ShouldBeNull();
        (await Stores.Portraits.FindPicture(PictureOf("elsewhere").Id)).ShouldBeNull();

        // Who does not want them, or has no account, has none.
        await Stores.Albums.SetKeepsEarlier(Juliet, keeps: false);
        await Stores.Albums.PutAway(Juliet, PictureOf("unwanted"), Origin.Beside, Noon.AddMinutes(20));
        await Stores.Albums.PutAway(Nurse, PictureOf("hers"), Origin.Beside, Noon.AddMinutes(20));
        (await Stores.Portraits.FindPicture(PictureOf("unwanted").Id)).ShouldBeNull();
        (await Stores.Portraits.FindPicture(PictureOf("hers").Id)).ShouldBeNull();
    }

    [Fact]
    public async Task What_others_take_away_is_not_kept()
    {
        await Show(Juliet, "taken", minute: 1);
        var portrait = (await Stores.Portraits.Find(Juliet))!;
        await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Juliet, null) with { Version = portrait.Version }) { ForgetsReplaced = true });

        (await Stores.Albums.Find(Juliet)).Pictures.ShouldBeEmpty();
        (await Stores.Portraits.FindPicture(PictureOf("taken").Id)).ShouldBeNull();
    }

    [Fact]
    public async Task Without_the_wish_for_earlier_ones_they_go_at_once_and_no_more_come()
    {
        await Show(Juliet, "old", minute: 1);
        await Show(Juliet, "new", minute: 2);
        await Stores.Albums.SetKeepsEarlier(Juliet, keeps: false);
        var album = await Stores.Albums.Find(Juliet);
        (album.KeepsEarlier, album.Pictures.Count).ShouldBe((false, 1));
        (await Stores.Portraits.FindPicture(PictureOf("old").Id)).ShouldBeNull();

        await Show(Juliet, "newer", minute: 3);
        (await Stores.Albums.Find(Juliet)).Pictures.Count.ShouldBe(1);
        await Stores.Albums.SetKeepsEarlier(Juliet, keeps: true);
        await Show(Juliet, "newest", minute: 4);
        (await Stores.Albums.Find(Juliet)).Pictures.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "P-37")]
    public async Task Pictures_are_kept_without_being_shown_five_at_most()
    {
        await Show(Juliet, "shown", minute: 0);
        for (var number = 0; number < IAlbumStore.MaxKept; number++)
        {
            (await Keep($"{number}")).ShouldBeTrue();
        }

        (await Keep("one more")).ShouldBeFalse();
        (await Stores.Portraits.FindPicture(PictureOf("one more").Id)).ShouldBeNull();
        (await Stores.Albums.Describe(Juliet, PictureOf("shown").Id, "another", null)).ShouldBeFalse();
        (await Keep("3")).ShouldBeTrue("it is there already");

        (await Stores.Albums.Remove(Juliet, PictureOf("3").Id)).ShouldBeTrue();
        (await Stores.Portraits.FindPicture(PictureOf("3").Id)).ShouldBeNull();
        (await Keep("one more")).ShouldBeTrue();
        (await Stores.Portraits.ShownBy(PictureOf("1").Id)).ShouldBeEmpty();
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.Albums.Keep(Nurse, Kept("hers"), [PictureOf("hers")]));
    }

    [Fact]
    public async Task What_is_shown_cannot_be_forgotten_nor_what_is_somebody_elses()
    {
        await Show(Juliet, "rose", minute: 1);
        await Show(Romeo, "rose", minute: 1);
        await Show(Romeo, "sword", minute: 2);
        (await Stores.Albums.Remove(Juliet, PictureOf("rose").Id)).ShouldBeFalse();
        (await Stores.Albums.Remove(Juliet, PictureOf("sword").Id)).ShouldBeFalse();
        (await Stores.Albums.Describe(Juliet, PictureOf("sword").Id, "his", null)).ShouldBeFalse();

        (await Stores.Albums.Remove(Romeo, PictureOf("rose").Id)).ShouldBeTrue();
        (await Stores.Portraits.FindPicture(PictureOf("rose").Id)).ShouldNotBeNull("Juliet shows it");
    }

    [Fact]
    [Trait("Requirement", "P-39")]
    public async Task The_words_for_a_picture_come_with_the_portrait_and_stay_with_the_picture()
    {
        await Show(Juliet, "rose", minute: 1);
        var portrait = (await Stores.Portraits.Find(Juliet))!;
        await Stores.Portraits.Save(new PortraitWrite(portrait with { Alt = "a rose" }));
        (await Stores.Portraits.Find(Juliet))!.Alt.ShouldBe("a rose");

        await Show(Juliet, "sword", minute: 2);
        (await Stores.Portraits.Find(Juliet))!.Alt.ShouldBeNull();
        (await Stores.Albums.Find(Juliet)).Of(PictureOf("rose").Id)!.Alt.ShouldBe("a rose");
    }

    [Fact]
    [Trait("Requirement", "P-35")]
    public async Task The_original_stays_as_long_as_what_was_cut_from_it()
    {
        var original = PictureOf("original");
        await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Juliet, PictureOf("cut"))) { Pictures = [PictureOf("cut")], Original = original });
        await Show(Juliet, "other", minute: 2);
        (await Stores.Albums.Find(Juliet)).Of(PictureOf("cut").Id)!.Original.ShouldBe(original.Info);
        (await Stores.Portraits.FindPicture(original.Id)).ShouldNotBeNull();

        await Stores.Albums.Remove(Juliet, PictureOf("cut").Id);
        (await Stores.Portraits.FindPicture(original.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_blocked_picture_is_nobodys_earlier_one_and_an_account_takes_all_with_it()
    {
        foreach (var person in People)
        {
            await Show(person, "bad", minute: 1);
            await Show(person, "good", minute: 2);
        }

        (await Stores.Albums.RemoveEverywhere(PictureOf("bad").Id)).ShouldBe(People, ignoreOrder: true);
        (await Stores.Albums.Find(Juliet)).Pictures.Select(picture => picture.Source.Id).ShouldBe([PictureOf("good").Id]);
        (await Stores.Portraits.FindPicture(PictureOf("bad").Id)).ShouldBeNull();

        await Show(Juliet, "last", minute: 3);
        await Stores.Accounts.Remove(Juliet);
        (await Stores.Albums.Find(Juliet)).Pictures.ShouldBeEmpty();
        (await Stores.Portraits.FindPicture(PictureOf("last").Id)).ShouldBeNull();
        (await Stores.Portraits.FindPicture(PictureOf("good").Id)).ShouldNotBeNull("Romeo shows it");
    }

    [Fact]
    [Trait("Requirement", "L-106")]
    public async Task An_address_shows_a_named_picture_or_none_in_place_of_the_portrait()
    {
        var (work, home) = (Address.Email("juliet@work.example"), Address.Email("juliet@example.org"));
        foreach (var address in new[] { work, home })
        {
            await Stores.Portraits.AddAddress(Juliet, address.Text, address.Hashes);
        }

        await Show(Juliet, "shown", minute: 0);
        var before = (await Stores.Portraits.Find(Juliet))!;
        before.HasAddressPictures.ShouldBeFalse();
        (await Stores.Albums.Choose(Juliet, work.Text, new AddressChoice(PictureOf("shown").Id), Noon)).ShouldBeFalse("it has no name");
        await Keep("suit");
        (await Stores.Albums.Choose(Juliet, work.Text, new AddressChoice(PictureOf("suit").Id), Noon)).ShouldBeTrue();
        await Reopen();
        var after = (await Stores.Portraits.Find(Juliet))!;
        (after.HasAddressPictures, after.Version > before.Version).ShouldBe((true, true));
        foreach (var hash in work.Hashes)
        {
            var shown = (await Stores.Albums.ShownAt(Juliet, hash)).ShouldNotBeNull();
            (shown.Picture!.Source.Id, shown.Since).ShouldBe((PictureOf("suit").Id, Noon));
            (await Stores.Albums.ShownAt(Romeo, hash)).ShouldBeNull();
        }

        (await Stores.Albums.ShownAt(Juliet, home.Hashes[0])).ShouldBeNull();
        (await Stores.Albums.Find(Juliet)).Choices.ShouldBe(new Dictionary<string, AddressChoice> { [work.Text] = new(PictureOf("suit").Id) });
        (await Stores.Albums.Choose(Juliet, home.Text, default(AddressChoice), Noon)).ShouldBeTrue();
        (await Stores.Albums.ShownAt(Juliet, home.Hashes[0])).ShouldBe(new AddressPicture(null, Noon));

        // Of others nothing, and what is gone leaves the portrait.
        (await Stores.Albums.Choose(Romeo, work.Text, default(AddressChoice), Noon)).ShouldBeFalse();
        (await Stores.Albums.Choose(Juliet, home.Text, new AddressChoice(PictureOf("sword").Id), Noon)).ShouldBeFalse();
        (await Stores.Albums.Choose(Juliet, home.Text, null, Noon)).ShouldBeTrue();
        (await Stores.Albums.ShownAt(Juliet, home.Hashes[0])).ShouldBeNull();
        await Stores.Albums.Remove(Juliet, PictureOf("suit").Id);
        (await Stores.Albums.ShownAt(Juliet, work.Hashes[0])).ShouldBeNull();
    }

    [Fact]
    public async Task When_others_take_the_picture_away_addresses_show_nothing_else_either()
    {
        var work = Address.Email("juliet@work.example");
        await Stores.Portraits.AddAddress(Juliet, work.Text, work.Hashes);
        await Show(Juliet, "shown", minute: 0);
        await Keep("suit");
        await Stores.Albums.Choose(Juliet, work.Text, new AddressChoice(PictureOf("suit").Id), Noon);
        var portrait = (await Stores.Portraits.Find(Juliet))!;
        await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Juliet, null) with { Version = portrait.Version }) { ForgetsReplaced = true });
        (await Stores.Albums.ShownAt(Juliet, work.Hashes[0])).ShouldBeNull();
    }

    private async Task Show(Identity person, string? content, int minute) => await Stores.Portraits.Save(
        PortraitOf(person, content is null ? null : PictureOf(content)) with { Changed = Noon.AddMinutes(minute), Origin = Origin.Web },
        content is null ? [] : [PictureOf(content)],
        null);

    private ValueTask<bool> Keep(string content) => Stores.Albums.Keep(Juliet, Kept(content), [PictureOf(content)]);

    private static AlbumPicture Kept(string content) => new() { Picture = PictureOf(content).Info, Name = content, Since = Noon };
}

public sealed class Albums_in_SQLite() : AlbumContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Albums_in_PostgreSQL(PostgreSqlServer server) : AlbumContract(new PostgreSqlDatabase(server));

using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class PortraitContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task A_person_never_heard_of_has_no_portrait() =>
        (await Stores.Portraits.Find(Juliet)).ShouldBeNull();

    [Fact]
    public async Task A_portrait_comes_back_as_it_was_saved()
    {
        var (small, large) = (PictureOf("small"), PictureOf("large"));
        var saved = new Portrait
        {
            Identity = Juliet,
            Picture = small.Info,
            Master = large.Info,
            Links =
            [
                new PictureLink("https://example.org/a?s=1&d=é", "abc", "image/webp", 1234, 512, null),
                new PictureLink("https://example.org/b", "def", "image/png", 99, null, 7),
            ],
            Published = new PublishedMetadata("item", "<metadata xmlns='urn:xmpp:avatar:metadata'/>"),
            DataAccess = AccessModel.Open,
            MetadataAccess = AccessModel.Whitelist,
            Origin = Origin.Pep,
            Changed = Noon.AddTicks(1234567),
        };

        saved = saved with { Version = await Stores.Portraits.Save(saved, [small, large], null) };
        await Reopen();

        var found = (await Stores.Portraits.Find(Juliet)).ShouldNotBeNull();
        found.Links.ShouldBe(saved.Links);
        (found with { Links = saved.Links }).ShouldBe(saved);
    }

    [Fact]
    public async Task An_empty_portrait_comes_back_empty()
    {
        var saved = PortraitOf(Juliet, null);
        var version = await Stores.Portraits.Save(saved, [], null);

        (await Stores.Portraits.Find(Juliet)).ShouldBe(saved with { Version = version });
    }

    [Fact]
    public async Task A_later_portrait_replaces_the_earlier_one()
    {
        await Save(Juliet, PictureOf("old"));
        var later = PortraitOf(Juliet, PictureOf("new")) with { Origin = Origin.Web, DataAccess = AccessModel.Presence };
        var version = await Stores.Portraits.Save(later, [PictureOf("new")], null);

        (await Stores.Portraits.Find(Juliet)).ShouldBe(later with { Version = version });
    }

    [Fact]
    public async Task A_picture_comes_back_byte_for_byte()
    {
        var bytes = new byte[300_000];
        new Random(7).NextBytes(bytes);
        var picture = Picture.Of(bytes.AsMemory(1, 299_998), "image/jpeg", 640, 480);
        await Save(Juliet, picture);

        var found = (await Stores.Portraits.FindPicture(picture.Id)).ShouldNotBeNull();
        found.Info.ShouldBe(picture.Info);
        found.Bytes.Span.SequenceEqual(picture.Bytes.Span).ShouldBeTrue();
    }

    [Fact]
    public async Task A_picture_two_people_show_stays_until_neither_does()
    {
        await KeepNoEarlier(Juliet, Romeo);
        var shared = PictureOf("shared");
        await Save(Juliet, shared);
        await Save(Romeo, shared);

        await Save(Juliet, PictureOf("other"));
        (await Stores.Portraits.FindPicture(shared.Id)).ShouldNotBeNull();

        await Stores.Portraits.Save(PortraitOf(Romeo, null), [], null);
        (await Stores.Portraits.FindPicture(shared.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_picture_that_becomes_the_master_stays()
    {
        await KeepNoEarlier(Juliet);
        var (first, second) = (PictureOf("first"), PictureOf("second"));
        await Save(Juliet, first);
        await Stores.Portraits.Save(PortraitOf(Juliet, second) with { Master = first.Info }, [second], null);
        (await Stores.Portraits.FindPicture(first.Id)).ShouldNotBeNull();

        await Stores.Portraits.Save(PortraitOf(Juliet, second), [], null);
        (await Stores.Portraits.FindPicture(first.Id)).ShouldBeNull();
        (await Stores.Portraits.FindPicture(second.Id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_newly_known_of_the_same_bytes_is_kept()
    {
        var unknown = PictureOf("bytes");
        await Save(Juliet, unknown with { Info = unknown.Info with { MediaType = "application/octet-stream", Width = 0, Height = 0 } });
        await Save(Juliet, unknown);

        (await Stores.Portraits.FindPicture(unknown.Id))!.Info.ShouldBe(unknown.Info);
    }

    [Fact]
    public async Task A_picture_the_portrait_does_not_refer_to_is_not_kept()
    {
        await Stores.Portraits.Save(PortraitOf(Juliet, PictureOf("mine")), [PictureOf("mine"), PictureOf("stray")], null);

        (await Stores.Portraits.FindPicture(PictureOf("stray").Id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_portrait_whose_picture_nobody_has_is_refused_and_changes_nothing()
    {
        await Save(Juliet, PictureOf("old"));
        var document = new AccountDocument(Juliet, "vcard", "", "<vCard/>");

        await Should.ThrowAsync<StoreConflictException>(
            async () => await Stores.Portraits.Save(PortraitOf(Juliet, PictureOf("missing")), [], document));

        (await Stores.Portraits.Find(Juliet))!.Picture.ShouldBe(PictureOf("old").Info);
        (await Stores.Portraits.FindPicture(PictureOf("old").Id)).ShouldNotBeNull();
        (await Stores.Documents.Find(Juliet, "vcard", "")).ShouldBeNull();
    }

    [Fact]
    public async Task A_document_alongside_is_stored_and_removed_with_the_portrait()
    {
        var picture = PictureOf("picture");
        var document = new AccountDocument(Juliet, "vcard", "", "<vCard/>");
        await Stores.Portraits.Save(PortraitOf(Juliet, picture), [picture], document);
        (await Stores.Documents.Find(Juliet, "vcard", "")).ShouldBe(document);

        var version = await Stores.Portraits.Save(PortraitOf(Juliet, picture), [], document with { Content = null });
        (await Stores.Documents.Find(Juliet, "vcard", "")).ShouldBeNull();
        (await Stores.Portraits.Find(Juliet)).ShouldBe(PortraitOf(Juliet, picture) with { Version = version });
        (await Stores.Portraits.FindPicture(picture.Id)).ShouldNotBeNull();
    }
}

public sealed class Portraits_in_SQLite() : PortraitContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Portraits_in_PostgreSQL(PostgreSqlServer server) : PortraitContract(new PostgreSqlDatabase(server));

using Likeness.Libravatar;
using Likeness.Stores;
using static Likeness.Tests.BookOfTests;

namespace Likeness.Tests;

public sealed class PortraitBookTests
{
    private readonly BookOfTests _test = new();

    [Fact]
    public async Task Somebody_never_heard_of_has_an_empty_portrait()
    {
        var portrait = await _test.Book.Find(Juliet);

        portrait.ShouldBe(new Portrait { Identity = Juliet });
        portrait.Source.ShouldBeNull();
    }

    [Fact]
    public async Task A_picture_is_found_after_it_was_set()
    {
        await _test.Set(Red, Origin.VCard);

        var portrait = await _test.Book.Find(Juliet);
        portrait.Picture.ShouldBe(Red.Info);
        portrait.Origin.ShouldBe(Origin.VCard);
        portrait.Changed.ShouldBe(_test.Now);
        (await _test.Book.Read(Red.Id)).ShouldBe(Red);
    }

    [Fact]
    public async Task A_picture_and_its_master_are_saved_in_one_write()
    {
        await _test.Book.Set(Juliet, new NewPortrait { Picture = Red, Master = Blue }, new(Origin.Api));

        _test.Store.Saved.ShouldHaveSingleItem().Pictures.ShouldBe([Red, Blue]);
        (await _test.Book.Find(Juliet)).Source.ShouldBe(Blue.Info);
    }

    [Fact]
    public async Task The_same_picture_again_writes_nothing_and_raises_nothing()
    {
        await _test.Set(Red);
        await _test.Set(Red, Origin.VCard);

        _test.Store.Saved.Count.ShouldBe(1);
        _test.Events.Count.ShouldBe(1);
        (await _test.Book.Find(Juliet)).Origin.ShouldBe(Origin.Command);
    }

    [Fact]
    public async Task The_same_picture_by_vcard_keeps_the_links_that_came_by_pep()
    {
        var link = new PictureLink("https://example.org/large.png", Blue.Id.Hex, "image/png", 3, 512, 512);
        await _test.Book.Set(Juliet, new NewPortrait { Picture = Red, Links = [link], Published = new(Red.Id.Hex, "<metadata/>") }, new(Origin.Pep));

        var portrait = await _test.Set(Red, Origin.VCard);

        portrait.Links.ShouldBe([link]);
        portrait.Published.ShouldNotBeNull();
        _test.Events.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Every_change_makes_the_version_grow_by_one()
    {
        (await _test.Set(Red)).Version.ShouldBe(1);
        (await _test.Set(Blue)).Version.ShouldBe(2);
        (await _test.Set(Blue)).Version.ShouldBe(2);
        (await _test.Book.Clear(Juliet, new(Origin.Command))).Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_change_tells_how_it_was_before_and_how_it_is()
    {
        await _test.Set(Red);
        await _test.Set(Blue);

        var change = _test.Events[1];
        change.Identity.ShouldBe(Juliet);
        change.Before.Picture.ShouldBe(Red.Info);
        change.After.Picture.ShouldBe(Blue.Info);
        change.PictureChanged.ShouldBeTrue();
        change.AccessChanged.ShouldBeFalse();
    }

    [Fact]
    public async Task The_change_is_durable_before_anybody_is_told()
    {
        var toldBeforeSaved = false;
        _test.Store.BeforeSave = () =>
        {
            toldBeforeSaved |= _test.Events.Count > 0;
            return Task.CompletedTask;
        };

        await _test.Set(Red);

        toldBeforeSaved.ShouldBeFalse();
        _test.Events.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_failed_write_changes_nothing_and_tells_nobody()
    {
        await _test.Set(Red);
        _test.Store.BeforeSave = () => throw new IOException("disk full");

        await Should.ThrowAsync<IOException>(async () => await _test.Set(Blue));

        _test.Events.Count.ShouldBe(1);
        (await _test.Book.Find(Juliet)).Picture.ShouldBe(Red.Info);
        _test.Store.BeforeSave = () => Task.CompletedTask;
        (await _test.Set(Blue)).Picture.ShouldBe(Blue.Info, "the lock of the identity was given back");
    }

    [Fact]
    public async Task Clearing_takes_picture_master_and_links_away_and_keeps_the_nodes()
    {
        await _test.Book.Set(Juliet, new NewPortrait { Picture = Red, Master = Blue }, new(Origin.Api));

        var cleared = await _test.Book.Clear(Juliet, new(Origin.VCard));

        cleared.Picture.ShouldBeNull();
        cleared.Source.ShouldBeNull();
        cleared.Links.ShouldBeEmpty();
        cleared.DataAccess.ShouldBe(AccessModel.Open);
        _test.Events[^1].PictureChanged.ShouldBeTrue();
    }

    [Fact]
    public async Task Clearing_what_is_empty_writes_nothing_and_raises_nothing()
    {
        await _test.Book.Clear(Juliet, new(Origin.VCard));

        _test.Store.Saved.ShouldBeEmpty();
        _test.Events.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_document_of_the_same_change_is_saved_in_the_same_write()
    {
        var card = new StoreWrite.Document(new AccountDocument(Juliet, "vcard", "", "<vCard/>"));

        await _test.Book.Set(Juliet, new NewPortrait { Picture = Red, Alongside = [card] }, new(Origin.VCard));

        _test.Store.Saved.ShouldHaveSingleItem().Alongside.ShouldBe([card]);
    }

    [Fact]
    public async Task A_document_is_saved_even_when_the_picture_is_the_same()
    {
        await _test.Set(Red);
        var card = new StoreWrite.Document(new AccountDocument(Juliet, "vcard", "", "<vCard/>"));

        await _test.Book.Set(Juliet, new NewPortrait { Picture = Red, Alongside = [card] }, new(Origin.VCard));

        _test.Store.Alone.ShouldBe([card]);
        _test.Events.Count.ShouldBe(1);
        (await _test.Book.Find(Juliet)).Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_portrait_is_loaded_once_and_then_read_from_memory()
    {
        _test.Store.Put(new Portrait { Identity = Juliet, Picture = Red.Info });

        (await _test.Book.Find(Juliet)).Version.ShouldBe(1);
        (await _test.Book.Find(Juliet)).Version.ShouldBe(1);

        _test.Store.Finds.ShouldBe(1);
    }

    [Fact]
    public async Task A_portrait_that_was_forgotten_is_loaded_again()
    {
        await _test.Book.Find(Juliet);
        _test.Store.Put(new Portrait { Identity = Juliet, DataAccess = AccessModel.Roster });

        _test.Book.Forget(Juliet);

        (await _test.Book.Find(Juliet)).DataAccess.ShouldBe(AccessModel.Roster);
    }

    [Fact]
    public async Task A_picture_is_read_from_the_store_once()
    {
        var first = new BookOfTests();
        await first.Set(Red);
        var other = new PortraitBook(first.Store, new DomainPolicies([new DomainPolicy { Domain = "example.org" }]), first, first);

        (await other.Read(Red.Id)).ShouldBe(Red);
        (await other.Read(Red.Id)).ShouldBe(Red);

        first.Store.PictureReads.ShouldBe(1);
        (await other.Read(Blue.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_portrait_is_found_by_the_hash_of_an_address()
    {
        var hash = AddressHash.Sha256("juliet@example.org");
        await _test.Store.AddAddress(Juliet, "juliet@example.org", [hash]);
        await _test.Set(Red);

        (await _test.Book.Find(hash))!.Picture.ShouldBe(Red.Info);
        (await _test.Book.Find(AddressHash.Sha256("nobody@example.org"))).ShouldBeNull();
    }
}

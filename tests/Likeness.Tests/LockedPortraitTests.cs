using static Likeness.Tests.BookOfTests;

namespace Likeness.Tests;

public sealed class LockedPortraitTests
{
    private readonly BookOfTests _test = new();

    [Theory]
    [InlineData(Origin.Pep)]
    [InlineData(Origin.VCard)]
    [InlineData(Origin.Web)]
    [InlineData(Origin.Directory)]
    public async Task A_locked_picture_is_changed_by_nobody_but_the_operator(Origin origin)
    {
        await _test.Set(Red);
        await Lock("no logos");

        (await Should.ThrowAsync<PortraitLockedException>(() => _test.Set(Blue, origin).AsTask())).Message.ShouldBe("This picture is locked by the operator: no logos");
        await Should.ThrowAsync<PortraitLockedException>(() => _test.Book.Clear(Juliet, new(origin)).AsTask());
        await Should.ThrowAsync<PortraitLockedException>(
            () => _test.Book.Announce(Juliet, new("id", "<metadata/>"), AccessModel.Open, new(origin)).AsTask());
        await Should.ThrowAsync<PortraitLockedException>(() => _test.Book.SaveDraft(Juliet, Blue, _test.Now).AsTask());
        (await _test.Book.Find(Juliet)).Picture.ShouldBe(Red.Info);

        (await _test.Set(Blue, Origin.Command)).Picture.ShouldBe(Blue.Info);
    }

    [Fact]
    public async Task The_same_picture_again_and_another_visibility_are_no_change_of_a_locked_picture()
    {
        await _test.Set(Red);
        await Lock(null);

        (await _test.Set(Red, Origin.VCard)).Picture.ShouldBe(Red.Info);
        (await _test.Book.SetVisibility(Juliet, Visibility.Nobody, new(Origin.Api))).MetadataAccess.ShouldBe(AccessModel.Whitelist);
    }

    [Fact]
    public async Task A_lock_alone_changes_nothing_anybody_sees()
    {
        var before = await _test.Set(Red, Origin.Web);
        _test.Now = _test.Now.AddHours(1);

        var locked = await Lock(null);

        (locked.Changed, locked.Origin, locked.Version).ShouldBe((before.Changed, Origin.Web, before.Version + 1));
    }

    [Fact]
    public async Task A_lock_may_take_the_picture_away_and_an_unlocked_one_is_the_persons_again()
    {
        await _test.Set(Red);
        (await _test.Book.SetLock(Juliet, new PortraitLock(null, _test.Now), new(Origin.Command), clear: true)).Picture.ShouldBeNull();
        await Should.ThrowAsync<PortraitLockedException>(() => _test.Set(Blue, Origin.Web).AsTask());

        await _test.Book.SetLock(Juliet, null, new(Origin.Command));

        (await _test.Set(Blue, Origin.Web)).Picture.ShouldBe(Blue.Info);
    }

    [Fact]
    public async Task What_the_operator_takes_away_leaves_no_metadata_behind()
    {
        var set = new NewPortrait { Picture = Red, Published = new PublishedMetadata(Red.Id.Hex, "<metadata xmlns='urn:xmpp:avatar:metadata'/>") };
        await _test.Book.Set(Juliet, set, new(Origin.Pep));

        (await _test.Book.SetLock(Juliet, new PortraitLock(null, _test.Now), new(Origin.Command), clear: true)).Published.ShouldBeNull();
        await _test.Book.SetLock(Juliet, null, new(Origin.Command));
        await _test.Book.Set(Juliet, set, new(Origin.Pep));
        (await _test.Book.TakeAway(Juliet, Red.Id, new(Origin.Command))).ShouldBeTrue();
        (await _test.Book.Find(Juliet)).Published.ShouldBeNull();
    }

    [Fact]
    public async Task A_locked_picture_goes_with_its_account()
    {
        await _test.Set(Red);
        await Lock(null);

        (await _test.Book.Remove(Juliet)).ShouldSatisfyAllConditions(gone => gone.Picture.ShouldBeNull(), gone => gone.Lock.ShouldBeNull());
    }

    private ValueTask<Portrait> Lock(string? reason) => _test.Book.SetLock(Juliet, new PortraitLock(reason, _test.Now), new(Origin.Command));
}

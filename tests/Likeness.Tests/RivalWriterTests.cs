using Likeness.Stores;
using static Likeness.Tests.BookOfTests;

namespace Likeness.Tests;

/// <summary>Several processes on one database, and writes of which nobody knows whether they were stored.</summary>
public sealed class RivalWriterTests
{
    private readonly BookOfTests _test = new();

    [Fact]
    [Trait("Requirement", "S-41")]
    public async Task A_change_made_from_an_old_portrait_is_made_again_from_the_new_one()
    {
        await _test.Set(Red);
        _test.Store.Put((await _test.Book.Find(Juliet)) with { DataAccess = AccessModel.Whitelist });

        var portrait = await _test.Set(Blue);

        portrait.Picture.ShouldBe(Blue.Info);
        portrait.DataAccess.ShouldBe(AccessModel.Whitelist);
        _test.Events[^1].Before.DataAccess.ShouldBe(AccessModel.Whitelist);
        (await _test.Store.Find(Juliet)).ShouldBe(portrait);
    }

    [Fact]
    public async Task A_lock_that_another_process_set_a_moment_ago_holds()
    {
        await _test.Set(Red);
        _test.Store.Put((await _test.Book.Find(Juliet)) with { Lock = new PortraitLock("moderated", _test.Now) });

        await Should.ThrowAsync<PortraitLockedException>(() => _test.Set(Blue, Origin.Web).AsTask());

        (await _test.Store.Find(Juliet))!.Picture.ShouldBe(Red.Info);
    }

    [Fact]
    public async Task Who_never_comes_first_gives_up()
    {
        await _test.Set(Red);
        _test.Store.BeforeSave = () =>
        {
            _test.Store.Put(new Portrait { Identity = Juliet });
            return Task.CompletedTask;
        };

        await Should.ThrowAsync<StoreConflictException>(() => _test.Set(Blue).AsTask());
    }

    [Fact]
    public async Task A_write_that_failed_after_it_was_stored_is_found_out_and_told_once()
    {
        await _test.Set(Red);
        _test.Store.AfterSave = () => throw new TimeoutException("the connection broke in the middle of the commit");
        await Should.ThrowAsync<TimeoutException>(() => _test.Set(Blue).AsTask());
        _test.Store.AfterSave = () => Task.CompletedTask;

        await _test.Book.Settle();
        await _test.Book.Settle();

        (await _test.Book.Find(Juliet)).Picture.ShouldBe(Blue.Info);
        _test.Events.Count.ShouldBe(2);
        _test.Events[1].Before.Picture.ShouldBe(Red.Info);
        _test.Events[1].After.Picture.ShouldBe(Blue.Info);
        _test.Events[1].Picture.ShouldBe(Blue);
    }

    [Fact]
    public async Task A_write_that_failed_without_being_stored_changes_nothing()
    {
        await _test.Set(Red);
        _test.Store.BeforeSave = () => throw new TimeoutException("nobody answers");
        await Should.ThrowAsync<TimeoutException>(() => _test.Set(Blue).AsTask());

        (await _test.Book.Find(Juliet)).Picture.ShouldBe(Red.Info);
        _test.Events.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "S-41")]
    public async Task What_another_process_changed_is_read_again_and_told()
    {
        await _test.Set(Red);
        await _test.Book.Read(Blue.Id);
        await new PortraitBook(_test.Store, new DomainPolicies([new DomainPolicy { Domain = "example.org" }]), _test, _test)
            .Set(Juliet, new NewPortrait { Picture = Blue }, new(Origin.Api));
        (await _test.Book.Find(Juliet)).Picture.ShouldBe(Red.Info);

        await _test.Book.Refresh(Juliet);

        (await _test.Book.Find(Juliet)).Picture.ShouldBe(Blue.Info);
        var told = _test.Events[^1];
        told.Cause.ShouldBe(Cause.Elsewhere);
        told.Before.Picture.ShouldBe(Red.Info);
        told.Picture.ShouldBe(Blue);
    }

    [Fact]
    public async Task The_audit_log_keeps_a_change_with_it_and_nothing_where_nothing_changed()
    {
        var cause = new Cause(Origin.Command, "root") { Audit = new AuditWords("avatar set") };
        await _test.Book.Set(Juliet, new NewPortrait { Picture = Red }, cause);
        await _test.Book.Set(Juliet, new NewPortrait { Picture = Red }, cause);
        await _test.Book.Clear(Juliet, cause with { Audit = new AuditWords("avatar clear", "nude") });

        _test.Store.Alone.ShouldBeEmpty();
        _test.Store.Saved.SelectMany(saved => saved.Alongside).ShouldBe(
        [
            new StoreWrite.Audit(new AuditEntry(_test.Now, "root", "avatar set", Juliet.Value, null, Red.Id.Hex)),
            new StoreWrite.Audit(new AuditEntry(_test.Now, "root", "avatar clear", Juliet.Value, "nude", Red.Id.Hex)),
        ]);
    }

    [Fact]
    [Trait("Requirement", "X84-52")]
    public async Task A_removal_ends_what_was_readable_by_its_id_and_a_replacement_does_not()
    {
        await _test.Set(Red);
        await _test.Set(Blue);
        (await _test.Book.FindDraft(Juliet, Red.Id)).ShouldNotBeNull();

        await _test.Book.Clear(Juliet, new(Origin.Command));

        (await _test.Book.FindDraft(Juliet, Red.Id)).ShouldBeNull();
    }
}

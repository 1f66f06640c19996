using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "P-4")]
public abstract class PasskeyContract(TestDatabase database) : StoreContract(database)
{
    private const int Most = 3;

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task A_passkey_is_kept_whole_and_found_by_its_id_and_its_owner_by_the_handle()
    {
        var passkey = Of(Juliet, 1);
        (await Stores.Passkeys.Add(passkey, Most, Said)).ShouldBeTrue();
        await Reopen();
        Same((await Stores.Passkeys.Find(passkey.Id))!, passkey);
        Same((await Stores.Passkeys.List(Juliet)).ShouldHaveSingleItem(), passkey);
        (await Stores.Passkeys.OwnerOf(passkey.Handle)).ShouldBe(Juliet);
        (await Stores.Passkeys.OwnerOf("other")).ShouldBeNull();
        (await Stores.Passkeys.Find([9])).ShouldBeNull();
        (await Stores.Passkeys.List(Romeo)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_uses_with_the_same_count_one_counts()
    {
        var (counting, other) = (Of(Juliet, 1) with { Counter = 5 }, Of(Juliet, 2));
        await Stores.Passkeys.Add(counting, Most, Said);
        await Stores.Passkeys.Add(other, Most, Said);
        (await Stores.Passkeys.Used(counting.Id, 6, true, Noon)).ShouldBeTrue();
        (await Stores.Passkeys.Used(counting.Id, 6, true, Noon)).ShouldBeFalse("it was copied");
        (await Stores.Passkeys.Used(counting.Id, 0, true, Noon)).ShouldBeFalse();
        var used = (await Stores.Passkeys.Find(counting.Id))!;
        (used.Counter, used.IsBackedUp, used.Used).ShouldBe((6, true, Noon));

        (await Stores.Passkeys.Used(other.Id, 0, false, Noon)).ShouldBeTrue("it does not count");
        (await Stores.Passkeys.Used(other.Id, 0, false, Noon.AddHours(1))).ShouldBeTrue();
        (await Stores.Passkeys.Used([9], 1, false, Noon)).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_its_owner_names_and_removes_it_and_nobody_has_it_twice_or_too_many()
    {
        var passkey = Of(Juliet, 1);
        await Stores.Passkeys.Add(passkey, Most, Said);
        (await Stores.Passkeys.Add(passkey with { Account = Romeo }, Most, Said)).ShouldBeFalse();
        (await Stores.Passkeys.Rename(Romeo, passkey.Id, "mine")).ShouldBeFalse();
        (await Stores.Passkeys.Remove(Romeo, passkey.Id, Said)).ShouldBeFalse();
        (await Stores.Passkeys.Rename(Juliet, passkey.Id, "phone")).ShouldBeTrue();
        (await Stores.Passkeys.Find(passkey.Id))!.Name.ShouldBe("phone");
        (await Stores.Passkeys.Add(Of(Juliet, 2), Most, Said)).ShouldBeTrue();
        (await Stores.Passkeys.Add(Of(Juliet, 3), Most, Said)).ShouldBeTrue();
        (await Stores.Passkeys.Add(Of(Juliet, 4), Most, Said)).ShouldBeFalse();
        (await Stores.Passkeys.Remove(Juliet, passkey.Id, Said)).ShouldBeTrue();
        (await Stores.Passkeys.Find(passkey.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task They_stay_with_another_password_and_go_with_the_account()
    {
        var passkey = Of(Juliet, 1);
        await Stores.Passkeys.Add(passkey, Most, Said);
        var keys = new ScramCredentials([1], 4096, [7], [8]);
        await Stores.Accounts.Update(new AccountRecord(Juliet, keys, keys));
        (await Stores.Passkeys.List(Juliet)).Count.ShouldBe(1);
        await Stores.Accounts.Remove(Juliet);
        (await Stores.Passkeys.Find(passkey.Id)).ShouldBeNull();
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.Passkeys.Add(passkey, Most, Said));
    }

    [Fact]
    public async Task A_step_is_taken_once_by_its_browser_and_in_time()
    {
        byte[] hers = [1], his = [2];
        await Stores.WebSteps.Put(new WebStep(hers, "a", "first", Noon));
        await Stores.WebSteps.Put(new WebStep(hers, "a", "second", Noon));
        await Stores.WebSteps.Put(new WebStep(hers, "b", "third", Noon));
        await Stores.WebSteps.Put(new WebStep(hers, "link", "state", Noon.AddMinutes(1)));
        await Reopen();
        (await Stores.WebSteps.Take(his, "a", Noon.AddMinutes(-1))).ShouldBeNull();
        (await Stores.WebSteps.Find(his, "a", Noon.AddMinutes(-1))).ShouldBeNull();
        (await Stores.WebSteps.Find(hers, "a", Noon)).ShouldBeNull("too late");
        (await Stores.WebSteps.Find(hers, "a", Noon.AddMinutes(-1))).ShouldBe("second");
        (await Stores.WebSteps.Take(hers, "a", Noon.AddMinutes(-1))).ShouldBe("second");
        (await Stores.WebSteps.Take(hers, "a", Noon.AddMinutes(-1))).ShouldBeNull();
        (await Stores.WebSteps.Take(hers, "b", Noon)).ShouldBeNull("too late");

        await Stores.WebSteps.Put(new WebStep(hers, "a", "old", Noon));
        await Stores.WebSteps.Put(new WebStep(his, "a", "new", Noon.AddMinutes(1)));
        await Stores.WebSteps.Prune(Noon);
        (await Stores.WebSteps.Take(hers, "a", Noon.AddDays(-1))).ShouldBeNull();
        (await Stores.WebSteps.Take(his, "a", Noon)).ShouldBe("new");
        foreach (var (now, isGood) in new[] { (Noon.AddMinutes(1), false), (Noon, true), (Noon, false) })
        {
            var use = async () => await Stores.Write([new StoreWrite.UsedStep(hers, "link", now), new StoreWrite.Audit(new AuditEntry(Noon, "x", isGood ? "used" : "refused", "x"))]);
            await (isGood ? use() : Should.ThrowAsync<LinkUsedException>(use));
        }

        (await Stores.Audit.Read(["x"], since: null, 9)).ShouldHaveSingleItem().Action.ShouldBe("used");
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Stores.WebSteps.Put(new WebStep(his, "a", new string('x', IWebStepStore.MaxState + 1), Noon)));
    }

    private static Passkey Of(Identity account, byte number) => new([number, 0xFF], account, $"handle of {account}", "key", [number], 0, ["internal", "hybrid"], true, false, Noon.AddMinutes(number), null);

    private static void Same(Passkey one, Passkey other)
    {
        one.Id.ShouldBe(other.Id);
        one.PublicKey.ShouldBe(other.PublicKey);
        one.Transports.ShouldBe(other.Transports);
        (one with { Id = [], PublicKey = [], Transports = [] }).ShouldBe(other with { Id = [], PublicKey = [], Transports = [] });
    }
}

public sealed class Passkeys_in_SQLite() : PasskeyContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Passkeys_in_PostgreSQL(PostgreSqlServer server) : PasskeyContract(new PostgreSqlDatabase(server));

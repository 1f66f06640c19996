using Likeness.Accounts;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "P-10")]
public abstract class WebSessionContract(TestDatabase database) : StoreContract(database)
{
    private static readonly byte[] Key = [2];

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task A_session_is_found_by_what_its_browser_shows_and_by_nothing_like_it()
    {
        var (session, hash) = Made(Juliet, Noon);
        session = session with { Means = SignInMeans.Passkey };
        (await Add(session, hash)).ShouldBeTrue();
        await Reopen();

        (await Stores.WebSessions.Find(hash)).ShouldBe(session);
        byte[] alike = [.. hash[..31], (byte)(hash[31] ^ 1)];
        (await Stores.WebSessions.Find(alike)).ShouldBeNull("it has the same id");
        (await Stores.WebSessions.List(Juliet)).ShouldBe([session]);
        (await Stores.WebSessions.List(Romeo)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Its_use_is_remembered_and_never_set_back()
    {
        var (session, hash) = Made(Juliet, Noon);
        await Add(session, hash);
        await Stores.WebSessions.Used(session.Id, Noon.AddHours(2));
        await Stores.WebSessions.Used(session.Id, Noon.AddHours(1));
        (await Stores.WebSessions.Find(hash))!.Used.ShouldBe(Noon.AddHours(2));
    }

    [Fact]
    public async Task Beyond_the_limit_those_go_that_were_not_used_for_longest_and_never_the_new_one()
    {
        var (old, older, late) = (Made(Juliet, Noon), Made(Juliet, Noon.AddDays(-1)), Made(Juliet, Noon.AddDays(-5)));
        await Add(old.Session, old.Hash);
        await Add(older.Session, older.Hash);
        await Add(late.Session, late.Hash, most: 2);
        (await Stores.WebSessions.List(Juliet)).Select(one => one.Id).ShouldBe([old.Session.Id, late.Session.Id]);
    }

    [Fact]
    public async Task Only_its_owner_ends_it_and_others_end_at_once()
    {
        var (here, there, his) = (Made(Juliet, Noon), Made(Juliet, Noon), Made(Romeo, Noon));
        foreach (var (session, hash) in new[] { here, there, his })
        {
            await Add(session, hash);
        }

        (await Stores.WebSessions.Remove(Romeo, here.Session.Id)).ShouldBeFalse();
        (await Stores.WebSessions.RemoveAll(Juliet, except: here.Session.Id)).ShouldBe(1);
        (await Stores.WebSessions.List(Juliet)).ShouldBe([here.Session]);
        (await Stores.WebSessions.Remove(Juliet, here.Session.Id)).ShouldBeTrue();
        (await Stores.WebSessions.Find(here.Hash)).ShouldBeNull();
        (await Stores.WebSessions.List(Romeo)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sessions_go_with_the_password_and_with_the_account_and_none_comes_back_behind()
    {
        var (first, second, third) = (Made(Juliet, Noon), Made(Juliet, Noon), Made(Juliet, Noon));
        await Add(first.Session, first.Hash);
        var keys = new ScramCredentials([1], 4096, [7], [8]);
        await Stores.Accounts.Update(new AccountRecord(Juliet, keys, keys));
        (await Stores.WebSessions.List(Juliet)).ShouldBeEmpty();
        (await Add(second.Session, second.Hash)).ShouldBeFalse("the old password");
        (await Stores.WebSessions.Add(second.Session, second.Hash, [7], 20, Said)).ShouldBeTrue();

        await Stores.Accounts.Remove(Juliet);
        (await Stores.WebSessions.Find(second.Hash)).ShouldBeNull();
        (await Stores.WebSessions.Add(third.Session, third.Hash, [7], 20, Said)).ShouldBeFalse("there is no account");
    }

    [Fact]
    public async Task What_is_over_is_dropped()
    {
        var (unused, aged, good) = (Made(Juliet, Noon.AddDays(-20)), Made(Juliet, Noon.AddDays(-100)), Made(Juliet, Noon.AddDays(-1)));
        foreach (var (session, hash) in new[] { unused, aged, good })
        {
            await Add(session, hash);
        }

        await Stores.WebSessions.Used(aged.Session.Id, Noon);
        await Stores.WebSessions.Prune(Noon.AddDays(-14), Noon.AddDays(-90));
        (await Stores.WebSessions.List(Juliet)).Select(one => one.Id).ShouldBe([good.Session.Id]);
    }

    private static (WebSession Session, byte[] Hash) Made(Identity account, DateTimeOffset created)
    {
        var hash = WebSessionToken.HashOf(WebSessionToken.Create());
        return (new WebSession(WebSessionToken.IdOf(hash), account, "Firefox", "192.0.2.0/24", created, created), hash);
    }

    private ValueTask<bool> Add(WebSession session, byte[] hash, int most = 20) => Stores.WebSessions.Add(session, hash, Key, most, Said);
}

public sealed class Web_sessions_in_SQLite() : WebSessionContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Web_sessions_in_PostgreSQL(PostgreSqlServer server) : WebSessionContract(new PostgreSqlDatabase(server));

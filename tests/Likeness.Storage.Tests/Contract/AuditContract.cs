using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class AuditContract(TestDatabase database) : StoreContract(database)
{
    [Fact]
    public async Task Entries_are_read_newest_first_whole()
    {
        var first = Entry("avatar lock", "juliet@example.org", 0) with { Reason = "no logos", Detail = "cleared" };
        var second = Entry("import", null, 1);
        await Stores.Audit.Write(first);
        await Stores.Audit.Write(second);
        await Reopen();

        (await Stores.Audit.Read(null, null, 10)).ShouldBe([second, first]);
        (await Stores.Audit.Read(null, null, 1)).ShouldBe([second]);
    }

    [Fact]
    public async Task Entries_are_found_by_whom_they_are_about_and_by_date()
    {
        await Stores.Audit.Write(Entry("one", "juliet@example.org", 0));
        await Stores.Audit.Write(Entry("two", "romeo@example.org", 1));
        await Stores.Audit.Write(Entry("three", "jule@example.net", 2));

        (await Actions(["juliet@example.org", "jule@example.net"], null)).ShouldBe(["three", "one"]);
        (await Actions(["juliet@example.org", "jule@example.net"], Noon.AddMinutes(1))).ShouldBe(["three"]);
        (await Actions(null, Noon.AddMinutes(1))).ShouldBe(["three", "two"]);
        (await Actions(["nobody@example.org"], null)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-12")]
    public async Task What_opens_an_account_is_in_the_log_with_it_and_what_is_refused_is_not()
    {
        await Register(Juliet);
        async Task Logs(string? action, Func<AuditEntry, ValueTask<bool>> act)
        {
            List<string> before = [.. await Actions(null, null)];
            (await act(Entry(action ?? "refused", Juliet.Value, 0))).ShouldBe(action is not null);
            (await Actions(null, null)).ShouldBe(action is null ? before : [action, .. before]);
        }

        byte[] id = [1];
        var passkey = new Passkey(id, Juliet, "handle", "key", id, 0, [], false, false, Noon, null);
        await Logs("passkey add", said => Stores.Passkeys.Add(passkey, 1, said));
        await Logs(null, said => Stores.Passkeys.Add(passkey with { Id = [2] }, 1, said));
        await Logs(null, said => Stores.Passkeys.Remove(Romeo, id, said));
        await Logs("passkey remove", said => Stores.Passkeys.Remove(Juliet, id, said));

        var known = new ProviderIdentity(Juliet, "https://id.example.org", "1", "jules", Noon);
        await Logs("provider link", said => Stores.ProviderIdentities.Link(known, 1, said));
        await Logs(null, said => Stores.ProviderIdentities.Link(known with { Subject = "2" }, 1, said));
        await Logs(null, said => Stores.ProviderIdentities.Unlink(Romeo, known.Issuer, "1", said));
        await Logs("provider unlink", said => Stores.ProviderIdentities.Unlink(Juliet, known.Issuer, "1", said));

        await Logs(null, said => Stores.SecondFactors.Remove(Juliet, said));
        await Logs("second factor on", async said =>
        {
            await Stores.SecondFactors.Set(new SecondFactor(Juliet, id, Noon, 0), [id], said);
            return true;
        });
        await Logs("second factor recovery", said => Stores.SecondFactors.UseRecovery(Juliet, id, said));
        await Logs(null, said => Stores.SecondFactors.UseRecovery(Juliet, id, said));
        await Logs("second factor off", said => Stores.SecondFactors.Remove(Juliet, said));

        var session = new WebSession("session", Juliet, "Firefox", "192.0.2.0/24", Noon, Noon);
        await Logs(null, said => Stores.WebSessions.Add(session, id, [9], 1, said));
        await Logs("sign in", said => Stores.WebSessions.Add(session, id, [2], 1, said));
    }

    [Fact]
    [Trait("Requirement", "P-75")]
    public async Task Entries_are_looked_for_by_who_what_whom_when_and_where()
    {
        await Stores.Audit.Write(Entry("avatar lock", "juliet@example.org", 0) with { By = "Friar" });
        await Stores.Audit.Write(Entry("avatar clear", "anne@club.net", 1) with { By = "nurse@example.org" });
        await Stores.Audit.Write(Entry("user_add", "eve@notexample.org", 2));
        await Stores.Audit.Write(Entry("import", null, 3));

        (await Found(new())).ShouldBe(["import", "user_add", "avatar clear", "avatar lock"]);
        (await Found(new() { By = "friar" })).ShouldBe(["avatar lock"]);
        (await Found(new() { Action = "avatar" })).ShouldBe(["avatar clear", "avatar lock"]);
        (await Found(new() { Action = "user_a" })).ShouldBe(["user_add"]);
        (await Found(new() { Action = "user%" })).ShouldBeEmpty("a text is no pattern");
        (await Found(new() { About = "JULIET" })).ShouldBe(["avatar lock"]);
        (await Found(new() { Domains = ["example.org"] })).ShouldBe(["avatar lock"]);
        (await Found(new() { Domains = [] })).ShouldBeEmpty();
        (await Found(new() { Domains = ["example.org", "club.net"], By = "nurse" })).ShouldBe(["avatar clear"]);
        (await Found(new() { Since = Noon.AddMinutes(1), Until = Noon.AddMinutes(3) })).ShouldBe(["user_add", "avatar clear"]);

        async Task<IEnumerable<string>> Found(AuditSearch search) => (await Stores.Audit.Search(search, 10)).Select(entry => entry.Action);
    }

    [Fact]
    public async Task Entries_go_after_a_year()
    {
        await Stores.Audit.Write(Entry("old", null, 0));
        await Stores.Audit.Write(Entry("new", null, 0) with { Time = Noon + IAuditStore.Kept + TimeSpan.FromTicks(1) });

        (await Actions(null, null)).ShouldBe(["new"]);
    }

    [Fact]
    public async Task Entries_written_at_once_are_all_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Stores.Audit.Write(Entry($"{number}", null, number)).AsTask()));

        (await Stores.Audit.Read(null, null, 100)).Count.ShouldBe(20);
    }

    private static AuditEntry Entry(string action, string? about, int minute) => new(Noon.AddMinutes(minute), "operator", action, about);

    private async Task<IEnumerable<string>> Actions(IReadOnlyList<string>? about, DateTimeOffset? since) =>
        (await Stores.Audit.Read(about, since, 10)).Select(entry => entry.Action);
}

public sealed class Audit_in_SQLite() : AuditContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Audit_in_PostgreSQL(PostgreSqlServer server) : AuditContract(new PostgreSqlDatabase(server));

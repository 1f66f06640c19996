using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "K-32")]
public abstract class LoginTokenContract(TestDatabase database) : StoreContract(database)
{
    private static readonly byte[] Key = [2];
    private static readonly SealedToken First = new("HT-SHA-256-NONE", [1, 2, 3], Noon, Noon.AddDays(21));
    private static readonly SealedToken Second = new("HT-SHA-256-EXPR", [4, 5], Noon.AddDays(1), Noon.AddDays(22));

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task What_a_client_was_given_is_kept_as_it_is_and_replaced_whole()
    {
        var given = new ClientTokens(Juliet, "phone", "Balcony", null, null, First);
        (await Save(given)).ShouldBeTrue();
        await Reopen();
        Show(await Stores.LoginTokens.Find(Juliet, "phone")).ShouldBe(Show(given));
        (await Stores.LoginTokens.Find(Juliet, "tablet")).ShouldBeNull();
        (await Stores.LoginTokens.Find(Romeo, "phone")).ShouldBeNull();

        var both = given with { Device = "Verona", Current = First, Next = Second };
        (await Save(both)).ShouldBeTrue();
        Show(await Stores.LoginTokens.Find(Juliet, "phone")).ShouldBe(Show(both));

        await Stores.LoginTokens.Remove(Juliet, "phone");
        (await Stores.LoginTokens.Find(Juliet, "phone")).ShouldBeNull();
    }

    [Fact]
    public async Task Beyond_the_limit_those_go_that_were_given_one_longest_ago()
    {
        await Save(Given("old", Noon));
        await Save(Given("older", Noon.AddDays(-1)));
        await Save(Given("new", Noon.AddDays(1)), most: 2);

        (await Stores.LoginTokens.List(Juliet)).Select(one => one.Client).ShouldBe(["new", "old"]);
        await Save(Given("late", Noon.AddDays(-5)), most: 2);
        (await Stores.LoginTokens.List(Juliet)).Select(one => one.Client).ShouldBe(["new", "late"]);
    }

    [Fact]
    [Trait("Requirement", "K-33")]
    public async Task They_go_with_the_password_and_with_the_account_and_none_comes_back_behind()
    {
        await Save(Given("phone", Noon));
        await Save(Given("phone", Noon) with { Account = Romeo });
        var keys = new ScramCredentials([1], 4096, [7], [8]);
        await Stores.Accounts.Update(new AccountRecord(Juliet, keys, keys));

        (await Stores.LoginTokens.List(Juliet)).ShouldBeEmpty();
        (await Save(Given("phone", Noon))).ShouldBeFalse("the old password");
        (await Stores.LoginTokens.Save(Given("phone", Noon), [7], isUsed: true, 16)).ShouldBeFalse("its token was taken away");
        (await Stores.LoginTokens.Save(Given("phone", Noon), [7], isUsed: false, 16)).ShouldBeTrue();
        (await Stores.LoginTokens.List(Romeo)).Count.ShouldBe(1);

        await Stores.Accounts.Remove(Juliet);
        (await Stores.LoginTokens.Save(Given("phone", Noon), [7], isUsed: false, 16)).ShouldBeFalse();
        await Register(Juliet);
        (await Stores.LoginTokens.List(Juliet)).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_of_an_account_are_removed_at_once_and_what_expired_in_time()
    {
        await Save(Given("phone", Noon));
        await Save(Given("tablet", Noon.AddDays(1)));
        await Stores.LoginTokens.Prune(Noon.AddDays(21).AddHours(1));
        (await Stores.LoginTokens.List(Juliet)).Select(one => one.Client).ShouldBe(["tablet"]);

        await Save(Given("phone", Noon));
        (await Stores.LoginTokens.RemoveAll(Juliet)).ShouldBe(2);
        (await Stores.LoginTokens.List(Juliet)).ShouldBeEmpty();
    }

    private static ClientTokens Given(string client, DateTimeOffset issued) =>
        new(Juliet, client, null, null, null, First with { Issued = issued, Expires = issued.AddDays(21) });

    private ValueTask<bool> Save(ClientTokens tokens, int most = 16) => Stores.LoginTokens.Save(tokens, Key, isUsed: false, most);

    private static string Show(ClientTokens? tokens) =>
        tokens is null ? "" : $"{tokens.Account} {tokens.Client} {tokens.Software} {tokens.Device} [{Show(tokens.Current)}] [{Show(tokens.Next)}]";

    private static string Show(SealedToken? token) => token is null ? "" : $"{token.Mechanism} {Convert.ToHexString(token.Bytes)} {token.Issued:O} {token.Expires:O}";
}

public sealed class Login_tokens_in_SQLite() : LoginTokenContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Login_tokens_in_PostgreSQL(PostgreSqlServer server) : LoginTokenContract(new PostgreSqlDatabase(server));

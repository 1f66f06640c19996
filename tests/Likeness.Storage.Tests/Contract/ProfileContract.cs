using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "L-10D")]
public abstract class ProfileContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task It_is_kept_and_another_takes_its_place()
    {
        (await Stores.Profiles.Find(Juliet)).ShouldBeNull();
        await Save(Juliet, new Profile(true, "Juliet", [new("https://example.org/", "Home"), new("https://example.net/", "")], Noon));
        await Reopen();
        var kept = (await Stores.Profiles.Find(Juliet))!;
        (kept.IsShown, kept.Name, kept.Changed).ShouldBe((true, "Juliet", Noon));
        kept.Links.ShouldBe([new("https://example.org/", "Home"), new("https://example.net/", "")]);
        (await Stores.Profiles.Find(Romeo)).ShouldBeNull();
        await Save(Juliet, new Profile(false, "", [], Noon));
        kept = (await Stores.Profiles.Find(Juliet))!;
        (kept.IsShown, kept.Name, kept.Links.IsEmpty).ShouldBe((false, "", true));
        await Save(Juliet, null);
        (await Stores.Profiles.Find(Juliet)).ShouldBeNull();
    }

    [Fact]
    public async Task It_is_seen_where_its_owner_shows_it_and_is_not_disabled()
    {
        await Save(Juliet, new Profile(false, "Juliet", [], Noon));
        (await Stores.Profiles.FindShown(Juliet)).ShouldBeNull();
        await Save(Juliet, new Profile(true, "Juliet", [], Noon));
        (await Stores.Profiles.FindShown(Juliet)).ShouldNotBeNull();
        await Stores.Write([new StoreWrite.Disabling(Juliet, Noon, null)]);
        (await Stores.Profiles.FindShown(Juliet)).ShouldBeNull();
        (await Stores.Profiles.Find(Juliet)).ShouldNotBeNull();
        await Stores.Write([new StoreWrite.Disabling(Juliet, null, null)]);
        (await Stores.Profiles.FindShown(Juliet)).ShouldNotBeNull();
    }

    [Fact]
    public async Task It_goes_with_the_account_and_nobody_without_one_has_one()
    {
        await Save(Juliet, new Profile(true, "Juliet", [], Noon));
        await Stores.Accounts.Remove(Juliet);
        await Register(Juliet);
        (await Stores.Profiles.Find(Juliet)).ShouldBeNull();
        await Should.ThrowAsync<AccountGoneException>(async () => await Save(new Identity("tybalt@example.org"), new Profile(true, "Tybalt", [], Noon)));
    }

    private ValueTask Save(Identity account, Profile? profile) => Stores.Write([new StoreWrite.Profile(account, profile)]);
}

public sealed class Profiles_in_SQLite() : ProfileContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Profiles_in_PostgreSQL(PostgreSqlServer server) : ProfileContract(new PostgreSqlDatabase(server));

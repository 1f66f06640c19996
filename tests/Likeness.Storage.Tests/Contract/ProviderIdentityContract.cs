using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "P-6")]
public abstract class ProviderIdentityContract(TestDatabase database) : StoreContract(database)
{
    private const string Club = "https://id.example.org";
    private const int Most = 2;

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task An_identity_is_one_accounts_by_issuer_and_subject()
    {
        var jules = new ProviderIdentity(Juliet, Club, "1", "jules", Noon);
        (await Stores.ProviderIdentities.Link(jules, Most, Said)).ShouldBeTrue();
        (await Stores.ProviderIdentities.Link(jules with { Name = "juliet", Since = Noon.AddDays(1) }, Most, Said)).ShouldBeTrue("it is hers already");
        await Reopen();
        (await Stores.ProviderIdentities.List(Juliet)).ShouldBe([jules with { Name = "juliet" }]);
        (await Stores.ProviderIdentities.OwnerOf(Club, "1")).ShouldBe(Juliet);
        (await Stores.ProviderIdentities.OwnerOf("https://id.example.net", "1")).ShouldBeNull();
        (await Stores.ProviderIdentities.Link(jules with { Account = Romeo }, Most, Said)).ShouldBeFalse();
        (await Stores.ProviderIdentities.Link(jules with { Subject = "2" }, Most, Said)).ShouldBeTrue();
        (await Stores.ProviderIdentities.Link(jules with { Subject = "3" }, Most, Said)).ShouldBeFalse("so many");
    }

    [Fact]
    public async Task Only_its_owner_unties_it_and_it_goes_with_the_account()
    {
        var jules = new ProviderIdentity(Juliet, Club, "1", "jules", Noon);
        await Stores.ProviderIdentities.Link(jules, Most, Said);
        (await Stores.ProviderIdentities.Unlink(Romeo, Club, "1", Said)).ShouldBeFalse();
        (await Stores.ProviderIdentities.Unlink(Juliet, Club, "1", Said)).ShouldBeTrue();
        (await Stores.ProviderIdentities.OwnerOf(Club, "1")).ShouldBeNull();
        await Stores.ProviderIdentities.Link(jules, Most, Said);
        await Stores.Accounts.Remove(Juliet);
        (await Stores.ProviderIdentities.OwnerOf(Club, "1")).ShouldBeNull();
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.ProviderIdentities.Link(jules, Most, Said));
    }
}

public sealed class Provider_identities_in_SQLite() : ProviderIdentityContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Provider_identities_in_PostgreSQL(PostgreSqlServer server) : ProviderIdentityContract(new PostgreSqlDatabase(server));

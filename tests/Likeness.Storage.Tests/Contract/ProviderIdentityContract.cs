using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

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
    public async Task Name_and_picture_are_as_the_site_said_last_and_nothing_else_of_it_changes()
    {
        var jules = new ProviderIdentity(Juliet, Club, "1", "jules", Noon);
        var other = new ProviderIdentity(Juliet, Club, "2", "other", Noon.AddMinutes(1));
        await Stores.ProviderIdentities.Link(jules, Most, Said);
        await Stores.ProviderIdentities.Link(other, Most, Said);

        await Stores.ProviderIdentities.Seen(jules with { Name = "juliet", Picture = "https://id.example.org/1.png", Since = Noon.AddDays(1) });
        await Stores.ProviderIdentities.Seen(jules with { Account = Romeo, Name = "romeo" });
        await Stores.ProviderIdentities.Seen(jules with { Subject = "3", Name = "nobody" });

        await Reopen();
        (await Stores.ProviderIdentities.List(Juliet)).ShouldBe([jules with { Name = "juliet", Picture = "https://id.example.org/1.png" }, other]);
        (await Stores.ProviderIdentities.List(Romeo)).ShouldBeEmpty("who it is was not said by a sign-in to that account");
        (await Stores.ProviderIdentities.OwnerOf(Club, "3")).ShouldBeNull();

        await Stores.ProviderIdentities.Seen(jules);
        (await Stores.ProviderIdentities.List(Juliet))[0].Picture.ShouldBeNull("the site shows none any more");
    }

    [Fact]
    public async Task An_account_is_opened_with_who_vouches_for_it_or_not_at_all()
    {
        var nurse = new Identity("nurse@example.org");
        var jules = new ProviderIdentity(nurse, Club, "1", "jules", Noon, "https://id.example.org/1.png");
        await Stores.Write([Opened(nurse), new StoreWrite.Provider(jules)]);
        (await Stores.ProviderIdentities.List(nurse)).ShouldBe([jules]);

        var other = new Identity("other@example.org");
        await Should.ThrowAsync<LinkUsedException>(async () => await Stores.Write([Opened(other), new StoreWrite.Provider(jules with { Account = other })]));
        (await Stores.Accounts.Find(other)).ShouldBeNull();
        (await Stores.ProviderIdentities.OwnerOf(Club, "1")).ShouldBe(nurse);

        static StoreWrite.Account Opened(Identity account)
        {
            var keys = new ScramCredentials([1], 4096, [2], [3]);
            return new StoreWrite.Account(new AccountRecord(account, keys, keys));
        }
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

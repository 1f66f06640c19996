using Likeness.Accounts;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "U-F")]
public abstract class InvitationContract(TestDatabase database) : StoreContract(database)
{
    private static readonly ScramCredentials Keys = new([1], 4096, [2], [3]);

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task An_invitation_is_found_by_its_text_alone_and_used_once()
    {
        var (general, token) = await Add(null, null);
        var (own, _) = await Add("nurse", Juliet, forContact: true);
        await Reopen();

        (await Stores.Invitations.Find(InvitationToken.HashOf(token))).ShouldBe(general);
        (await Stores.Invitations.Find(InvitationToken.HashOf(token + "x"))).ShouldBeNull();
        (await Stores.Invitations.List()).ShouldBe([general, own], ignoreOrder: true);

        (await Stores.Invitations.Remove(general.Id)).ShouldBeTrue();
        (await Stores.Invitations.Remove(general.Id)).ShouldBeFalse();
        (await Stores.Invitations.Find(InvitationToken.HashOf(token))).ShouldBeNull();
    }

    [Fact]
    public async Task It_is_used_up_with_the_account_it_opens_or_neither_happens()
    {
        var (invitation, _) = await Add(null, null);
        var (first, second) = (new Identity("nurse@example.org"), new Identity("tybalt@example.org"));

        await Should.ThrowAsync<StoreConflictException>(async () => await Open(Juliet, invitation));
        await Open(first, invitation);
        await Should.ThrowAsync<InvitationUsedException>(async () => await Open(second, invitation));

        (await Stores.Accounts.Find(first)).ShouldNotBeNull();
        (await Stores.Accounts.Find(second)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_who_use_it_at_once_one_gets_in()
    {
        var (invitation, _) = await Add(null, null);
        var people = Enumerable.Range(0, 8).Select(number => new Identity($"guest{number}@example.org")).ToArray();

        var outcomes = await Task.WhenAll(people.Select(person => Task.Run(async () =>
        {
            try
            {
                await Open(person, invitation);
                return true;
            }
            catch (InvitationUsedException)
            {
                return false;
            }
        })));

        outcomes.Count(isIn => isIn).ShouldBe(1);
    }

    [Fact]
    public async Task A_name_is_kept_until_it_expires()
    {
        var (invitation, _) = await Add("nurse", null);

        (await Stores.Invitations.Reserves("example.org", "nurse", null, Noon)).ShouldBeTrue();
        (await Stores.Invitations.Reserves("example.org", "nurse", invitation.Id, Noon)).ShouldBeFalse();
        (await Stores.Invitations.Reserves("example.net", "nurse", null, Noon)).ShouldBeFalse();
        (await Stores.Invitations.Reserves("example.org", "nurse", null, Noon.AddDays(8))).ShouldBeFalse();

        await Stores.Invitations.Prune(Noon.AddDays(6));
        (await Stores.Invitations.List()).ShouldHaveSingleItem();
        await Stores.Invitations.Prune(Noon.AddDays(8));
        (await Stores.Invitations.List()).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task They_have_limits_and_go_with_who_invited()
    {
        await Add(null, Juliet);
        await Add(null, Juliet);
        (await TryAdd(null, Juliet, maxByInviter: 2)).ShouldBeFalse();
        (await TryAdd(null, Romeo, maxByInviter: 2)).ShouldBeTrue();
        (await TryAdd(null, null, max: 3)).ShouldBeFalse();

        await Stores.Accounts.Remove(Juliet);
        (await Stores.Invitations.List()).Select(left => left.Inviter).ShouldBe([Romeo]);
        await Should.ThrowAsync<AccountGoneException>(async () => await TryAdd(null, Juliet));
    }

    private ValueTask Open(Identity account, Invitation invitation) =>
        Stores.Write([new StoreWrite.UsedInvitation(invitation.Id), new StoreWrite.Account(new AccountRecord(account, Keys, Keys))]);

    private async Task<(Invitation Invitation, string Token)> Add(string? name, Identity? inviter, bool forContact = false)
    {
        var (invitation, token) = Made(name, inviter, forContact);
        (await Stores.Invitations.Add(invitation, InvitationToken.HashOf(token), 20, 100)).ShouldBeTrue();
        return (invitation, token);
    }

    private async Task<bool> TryAdd(string? name, Identity? inviter, int maxByInviter = 20, int max = 100)
    {
        var (invitation, token) = Made(name, inviter, forContact: false);
        return await Stores.Invitations.Add(invitation, InvitationToken.HashOf(token), maxByInviter, max);
    }

    private static (Invitation Invitation, string Token) Made(string? name, Identity? inviter, bool forContact)
    {
        var token = InvitationToken.Create();
        return (new Invitation(InvitationToken.IdOf(InvitationToken.HashOf(token)), "example.org", name, inviter, forContact, OpensAccount: true, "root", Noon, Noon.AddDays(7)), token);
    }
}

public sealed class Invitations_in_SQLite() : InvitationContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Invitations_in_PostgreSQL(PostgreSqlServer server) : InvitationContract(new PostgreSqlDatabase(server));

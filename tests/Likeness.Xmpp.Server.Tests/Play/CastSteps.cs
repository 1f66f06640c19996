using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Who lives on the server and who knows whom.</summary>
internal static class CastSteps
{
    public static readonly Step[] All =
    [
        new("* is a user", (scene, words, _) => AddUsers(scene, words[0])),
        new("* are users", (scene, words, _) => AddUsers(scene, words[0])),
        new("* has keys of SHA-1 only", (scene, words, _) => KeepKeys(scene, words[0], record => record with { Sha256 = null })),
        new("an operator disables *", async (scene, words, _) => await (await scene.Server()).Services.GetRequiredService<AccountBook>().Disable(new Identity(Address(words[0])), "spam", "root")),
        new("an operator enables *", async (scene, words, _) => await (await scene.Server()).Services.GetRequiredService<AccountBook>().Enable(new Identity(Address(words[0])), "root")),
        new("* are contacts", (scene, words, _) => BecomeContacts(scene, Names(words[0]))),
        new("* follows *", (scene, words, _) => Follow(scene, words[0], words[1])),
        new("only who is connected is in memory", (scene, _, _) => ForgetOffline(scene)),
        new("archives are swept", async (scene, _, _) => await (await scene.Server()).Services.GetRequiredService<Archives>().Sweep()),
        new("*'s roster has *", (scene, words, block) => AddToRoster(scene, words[0], words[1], block)),
    ];

    /// <summary>The bare address behind a name of the play; a name with a domain, or that of a domain, is an address already.</summary>
    public static string Address(string name) => name.Contains('@', StringComparison.Ordinal) || name.Contains('.', StringComparison.Ordinal) ? name : $"{name}@{TestServer.Domain}";

    private static string[] Names(string list) =>
        list.Split([", ", " and "], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task AddUsers(Scene scene, string list)
    {
        var server = await scene.Server();
        foreach (var name in Names(list))
        {
            await server.Stores.Accounts.Add(TestCredentials.Of(Address(name)));
        }
    }

    // As from another server.
    private static async Task KeepKeys(Scene scene, string name, Func<AccountRecord, AccountRecord> kept)
    {
        var accounts = (await scene.Server()).Stores.Accounts;
        await accounts.Update(kept((await accounts.Find(new Identity(Address(name))))!));
    }

    private static async Task BecomeContacts(Scene scene, string[] names)
    {
        foreach (var one in names)
        {
            foreach (var other in names.Where(name => name != one))
            {
                await Save(scene, one, other, Subscription.Both);
            }
        }
    }

    private static async Task Follow(Scene scene, string one, string other)
    {
        await Save(scene, one, other, Subscription.To);
        await Save(scene, other, one, Subscription.From);
    }

    // "juliet's roster has romeo" with a line such as "From, asking, request pending" below.
    private static Task AddToRoster(Scene scene, string owner, string contact, string state)
    {
        var words = state.Split(", ");
        return Save(scene, owner, contact, Enum.Parse<Subscription>(words[0]), words.Contains("asking"), words.Contains("request pending"));
    }

    private static async Task ForgetOffline(Scene scene)
    {
        var directory = (await scene.Server()).Services.GetRequiredService<AccountDirectory>();
        foreach (var account in directory.Loaded.Where(account => account.Sessions.IsEmpty).ToArray())
        {
            directory.Forget(account.Jid);
        }
    }

    private static async Task Save(Scene scene, string owner, string contact, Subscription subscription, bool asking = false, bool pending = false)
    {
        if (!Address(owner).EndsWith($"@{TestServer.Domain}", StringComparison.Ordinal))
        {
            // Somebody of another server has a roster there.
            return;
        }

        var server = await scene.Server();
        var request = pending ? $"<presence xmlns='jabber:client' type='subscribe' from='{Address(contact)}'/>" : null;
        var listed = !pending || asking || subscription != Subscription.None;
        var record = new RosterRecord(Address(contact), null, (int)subscription, asking, request, listed, []);
        await server.Stores.Rosters.Save(new Identity(Address(owner)), record);
        server.Services.GetRequiredService<AccountDirectory>().Forget(Jid.Parse(Address(owner)));
    }
}

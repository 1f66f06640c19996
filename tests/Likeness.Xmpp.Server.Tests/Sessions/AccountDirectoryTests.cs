using System.Runtime.CompilerServices;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Sessions;

public sealed class AccountDirectoryTests
{
    private static readonly Jid Juliet = Jid.Parse("juliet@localhost");

    [Fact]
    public async Task Of_one_person_there_is_never_a_second_account_while_somebody_holds_the_first()
    {
        await using var server = await Server(maxRecent: 4);
        var directory = server.Services.GetRequiredService<AccountDirectory>();
        var held = await directory.Find(Juliet);

        for (var round = 0; round < 3; round++)
        {
            await LoadOthers(directory);
            GC.Collect();
            (await directory.Find(Juliet)).ShouldBeSameAs(held);
            directory.FindLoaded(Juliet.Text).ShouldBeSameAs(held);
        }

        held!.Retired.ShouldBeFalse();
        GC.KeepAlive(held);
    }

    [Fact]
    public async Task What_nobody_holds_is_let_go_when_the_bound_is_reached()
    {
        await using var server = await Server(maxRecent: 4);
        var directory = server.Services.GetRequiredService<AccountDirectory>();
        var seen = await Seen(directory, Juliet);
        await LoadOthers(directory);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        seen.TryGetTarget(out _).ShouldBeFalse();
        directory.FindLoaded(Juliet.Text).ShouldBeNull();
        (await directory.Find(Juliet)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_used_stays_when_others_come_and_go()
    {
        await using var server = await Server(maxRecent: 4);
        var directory = server.Services.GetRequiredService<AccountDirectory>();
        var seen = await Seen(directory, Juliet);
        for (var other = 0; other < 30; other++)
        {
            await Seen(directory, Jid.Parse($"user{other}@localhost"));
            directory.FindLoaded(Juliet.Text).ShouldNotBeNull();
        }

        GC.Collect();
        seen.TryGetTarget(out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Many_who_ask_at_once_get_the_same_account()
    {
        await using var server = await Server(maxRecent: 1);
        var directory = server.Services.GetRequiredService<AccountDirectory>();
        for (var round = 0; round < 20; round++)
        {
            var found = await Task.WhenAll(Enumerable.Range(0, 32).Select(asker => Task.Run(async () => await directory.Find(asker % 2 == 0 ? Juliet : Jid.Parse($"user{round}@localhost")))));
            found.Distinct().Count().ShouldBe(2);
            GC.KeepAlive(found);
        }
    }

    [Fact]
    [Trait("Requirement", "C-155")]
    public async Task A_withdrawn_account_is_found_by_nobody_until_its_name_is_free_again()
    {
        await using var server = await Server(maxRecent: 4);
        var directory = server.Services.GetRequiredService<AccountDirectory>();
        var before = await directory.Find(Juliet);

        (await directory.Withdraw(Juliet)).ShouldBeSameAs(before);
        before!.Retired.ShouldBeTrue();
        (await directory.Find(Juliet)).ShouldBeNull();
        directory.FindLoaded(Juliet.Text).ShouldBeNull();

        directory.Reopen(Juliet);
        var after = await directory.Find(Juliet);
        after.ShouldNotBeNull().ShouldNotBeSameAs(before);
        after.Retired.ShouldBeFalse();
    }

    // Not inlined: the test's own frame must not hold the account.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference<Account>> Seen(AccountDirectory directory, Jid jid) => new((await directory.Find(jid))!);

    private static async Task LoadOthers(AccountDirectory directory)
    {
        for (var other = 0; other < 40; other++)
        {
            await Seen(directory, Jid.Parse($"user{other}@localhost"));
        }
    }

    private static async Task<TestServer> Server(int maxRecent)
    {
        var server = await TestServer.Start(new XmppServerOptions { MaxRecentAccounts = maxRecent });
        foreach (var name in Enumerable.Range(0, 40).Select(other => $"user{other}@localhost").Prepend(Juliet.Text))
        {
            await server.Stores.Accounts.Add(TestCredentials.Of(name));
        }

        return server;
    }
}

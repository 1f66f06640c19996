using System.Net;
using Likeness.Accounts;
using Likeness.Libravatar;
using Likeness.Limits;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Tests.Limits;
using Likeness.Xmpp.Sasl;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Tests.Accounts;

/// <summary>The book of accounts over a real database.</summary>
public sealed class AccountBookTests : IAsyncLifetime
{
    private const string Domain = "example.org";
    private const string Password = "forty winks at noon";
    private static readonly Identity Juliet = new("juliet@example.org");
    private static readonly ClientKey Client = ClientKey.Of(IPAddress.Parse("192.0.2.1"));
    private readonly string _directory = Directory.CreateTempSubdirectory("likeness-accounts-").FullName;
    private readonly ManualClock _clock = new();
    private IStores _stores = null!;
    private PortraitBook _portraits = null!;
    private AddressBook _addresses = null!;
    private AccountBook _book = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await Database.Open(new StorageOptions { DataDirectory = _directory });
        var policies = new DomainPolicies([new DomainPolicy { Domain = Domain }]);
        _portraits = new PortraitBook(_stores.Portraits, policies, _clock, NullLogger<PortraitBook>.Instance);
        _addresses = new AddressBook(_stores.Portraits, policies);
        _book = new AccountBook(_stores, _portraits, _addresses, new LoginLimits(_clock), new PasswordRule(), _clock, NullLogger<AccountBook>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    [Trait("Requirement", "C-155")]
    public async Task Who_registers_can_log_in_and_is_found_by_the_address()
    {
        await _book.Register("Juliet", Domain, Password, Client);

        (await _book.Verify(Juliet, Password, Client)).ShouldBeTrue();
        (await _book.Verify(Juliet, Password + "x", Client)).ShouldBeFalse();
        (await _addresses.Find(Address.Email("juliet@example.org"))).ShouldBe(Juliet);
    }

    [Fact]
    [Trait("Requirement", "U-E")]
    public async Task To_a_disabled_account_nobody_logs_in_and_only_who_knows_the_password_hears_why()
    {
        await _book.Register("juliet", Domain, Password, Client);
        await _book.Disable(Juliet, "spam", "root");

        (await Should.ThrowAsync<AccountRefusedException>(async () => await _book.Verify(Juliet, Password, Client))).Reason.ShouldBe(AccountRefusal.Disabled);
        (await _book.Verify(Juliet, Password + "x", Client)).ShouldBeFalse();
        (await Refused(_book.Disable(new Identity("nobody@example.org"), null, "root"))).ShouldBe(AccountRefusal.NoAccount);

        await _book.Enable(Juliet, "root");
        (await _book.Verify(Juliet, Password, Client)).ShouldBeTrue();
        (await _stores.Audit.Read(null, null, 10)).Select(entry => (entry.Action, entry.About, entry.Reason))
            .ShouldBe([("user enable", Juliet.Value, null), ("user disable", Juliet.Value, "spam")]);
    }

    [Fact]
    [Trait("Requirement", "B-9")]
    public async Task Nobody_opens_an_account_where_those_are_on_another_chat_server()
    {
        var elsewhere = new ReservedNames(new HashSet<string>()) { Domains = new HashSet<string> { Domain } };
        var book = new AccountBook(_stores, _portraits, _addresses, new LoginLimits(_clock), new PasswordRule(), _clock, NullLogger<AccountBook>.Instance, elsewhere);
        (await Should.ThrowAsync<AccountRefusedException>(async () => await book.Register("juliet", Domain, Password, Client))).Reason.ShouldBe(AccountRefusal.Name);
        await book.Register("juliet", "example.net", Password, Client);
    }

    [Fact]
    [Trait("Requirement", "U-29")]
    public async Task A_password_completes_the_keys_that_came_without_those_of_a_hash()
    {
        await _book.Register("juliet", Domain, Password, Client);
        var whole = (await _stores.Accounts.Find(Juliet))!;
        await _stores.Accounts.Update(whole with { Sha256 = null });
        var book = new AccountBook(_stores, _portraits, _addresses, new LoginLimits(_clock), new PasswordRule(), _clock, NullLogger<AccountBook>.Instance);

        (await book.Hashes(Domain)).ShouldBe(ScramHashes.Sha1);
        (await book.Verify(Juliet, Password + "x", Client)).ShouldBeFalse();
        (await book.Verify(new Identity("nobody@example.org"), Password, Client)).ShouldBeFalse();
        (await book.Verify(Juliet, Password, Client)).ShouldBeTrue();

        (await book.Hashes(Domain)).ShouldBe(ScramHashes.All);
        (await _stores.Accounts.Find(Juliet))!.Sha1.ShouldBeEquivalentTo(whole.Sha1);
        (await book.Verify(Juliet, Password, Client)).ShouldBeTrue();
    }

    [Fact]
    [Trait("Requirement", "C-155")]
    public async Task A_name_that_is_taken_counts_like_one_that_was_given_and_an_IPv6_network_is_one_client()
    {
        await _book.Add(Juliet, "short", "root");
        for (var host = 1; host <= 3; host++)
        {
            (await Refused(_book.Register("juliet", Domain, Password, ClientKey.Of(IPAddress.Parse($"2001:db8::{host}"))))).ShouldBe(AccountRefusal.Taken);
        }

        (await Refused(_book.Register("romeo", Domain, Password, ClientKey.Of(IPAddress.Parse("2001:db8::4"))))).ShouldBe(AccountRefusal.TooMany);
        await _book.Register("romeo", Domain, Password, ClientKey.Of(IPAddress.Parse("2001:db8:0:1::4")));
        _clock.Pass(TimeSpan.FromMinutes(21));
        await _book.Register("tybalt", Domain, Password, ClientKey.Of(IPAddress.Parse("2001:db8::5")));
    }

    [Fact]
    public async Task Somebody_s_address_is_no_account_of_another()
    {
        await _addresses.Add(new Identity("romeo@example.org"), Address.Email("juliet@example.org"));

        (await Refused(_book.Register("juliet", Domain, Password, Client))).ShouldBe(AccountRefusal.Taken);
        (await Should.ThrowAsync<AccountRefusedException>(async () => await _book.Add(Juliet, Password, "root"))).Message.ShouldContain("romeo@example.org");
        (await _stores.Accounts.Find(Juliet)).ShouldBeNull();
    }

    [Theory]
    [InlineData("ju/liet")]
    [InlineData("juliet@example.net")]
    [InlineData("")]
    [InlineData("postmaster")]
    public async Task Nobody_gives_themselves_a_name_that_is_none(string name) =>
        (await Refused(_book.Register(name, Domain, Password, Client))).ShouldBe(AccountRefusal.Name);

    [Fact]
    public async Task A_password_is_changed_by_the_rule_for_whoever_chose_it()
    {
        await _book.Add(Juliet, "short", "root");
        (await Refused(_book.ChangePassword(Juliet, "short2", chosen: true))).ShouldBe(AccountRefusal.Password);
        await _book.ChangePassword(Juliet, "short2", chosen: false);
        (await _book.Verify(Juliet, "short2", Client)).ShouldBeTrue();
        (await Refused(_book.ChangePassword(new Identity("nobody@example.org"), Password, chosen: true))).ShouldBe(AccountRefusal.NoAccount);
    }

    [Fact]
    public async Task A_changed_password_counts_at_once_and_a_closed_account_has_none()
    {
        (await _book.Verify(Juliet, "first", Client)).ShouldBeFalse();
        await _book.Add(Juliet, "first", "root");
        (await _book.Verify(Juliet, "first", Client)).ShouldBeTrue();

        await _book.ChangePassword(Juliet, "second", chosen: false);
        (await _book.Verify(Juliet, "first", Client)).ShouldBeFalse();
        (await _book.Verify(Juliet, "second", Client)).ShouldBeTrue();

        await _book.Close(Juliet);
        (await _book.Verify(Juliet, "second", Client)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task A_password_comes_with_a_link_that_is_good_or_stays_and_nobody_is_told_it_changed()
    {
        await _book.Add(Juliet, "first", "root");
        var now = _clock.GetUtcNow();
        await _stores.Mails.Add([new Mail("link", MailKind.Reset, Juliet, "juliet@mantua.example", "{}", "?", now, now.AddMinutes(15))], new MailBounds(5, 5));
        var heard = new PasswordsChanged();
        _book.Subscribe(heard);
        await _book.ChangePassword(Juliet, "the orchard wall is high", chosen: true, [new StoreWrite.UsedMail("link", now)]);
        (await _book.Verify(Juliet, "the orchard wall is high", Client)).ShouldBeTrue();
        await Should.ThrowAsync<LinkUsedException>(async () => await _book.ChangePassword(Juliet, "it was the lark", chosen: true, [new StoreWrite.UsedMail("link", now)]));
        (await Refused(_book.ChangePassword(new Identity("nobody@example.org"), "it was the lark", chosen: true))).ShouldBe(AccountRefusal.NoAccount);
        (await _book.Verify(Juliet, "the orchard wall is high", Client)).ShouldBeTrue();
        heard.Of.ShouldBe([Juliet]);
    }

    [Theory]
    [Trait("Requirement", "C-49")]
    [InlineData("juliet@example.org")]
    [InlineData("nobody@example.org")]
    public async Task Guesses_are_stopped_whoever_they_are_at(string account)
    {
        await _book.Add(Juliet, Password, "root");
        for (var guess = 0; guess < 10; guess++)
        {
            (await _book.Verify(new Identity(account), $"guess {guess}", ClientKey.Of(IPAddress.Parse($"198.51.100.{guess}")))).ShouldBeFalse();
        }

        var refused = await Should.ThrowAsync<AccountRefusedException>(async () => await _book.Verify(new Identity(account), Password, Client));
        (refused.Reason, refused.RetryAfter > TimeSpan.Zero).ShouldBe((AccountRefusal.TooMany, true));
    }

    [Fact]
    public async Task Closing_asks_everybody_to_let_go_before_anything_is_removed_and_one_that_fails_stops_nothing()
    {
        await _book.Add(Juliet, Password, "root");
        var seen = new List<string>();
        _book.Subscribe(new Listener(
            async account => seen.Add($"closing, there: {await _stores.Accounts.Find(account) is not null}"),
            async account => seen.Add($"closed, there: {await _stores.Accounts.Find(account) is not null}")));
        _book.Subscribe(new Listener(_ => throw new InvalidOperationException("fault"), _ => throw new InvalidOperationException("fault")));

        (await _book.Close(Juliet)).ShouldBeTrue();
        (await _book.Close(Juliet)).ShouldBeFalse();

        seen.ShouldBe(["closing, there: True", "closed, there: False"]);
        (await _addresses.Find(Address.Email("juliet@example.org"))).ShouldBeNull();
    }

    [Fact]
    public async Task A_name_is_given_to_somebody_else_only_when_nothing_is_left_of_the_former_owner()
    {
        await _book.Add(Juliet, Password, "root");
        var mayGoOn = new TaskCompletionSource();
        var isClosing = new TaskCompletionSource();
        _book.Subscribe(new Listener(
            async _ =>
            {
                isClosing.SetResult();
                await mayGoOn.Task;
            },
            _ => Task.CompletedTask));

        var closing = _book.Close(Juliet).AsTask();
        await isClosing.Task;
        var opening = _book.Add(Juliet, "another", "root").AsTask();
        (await _book.Verify(Juliet, "another", Client)).ShouldBeFalse("the former owner's password holds until the account is gone");
        opening.IsCompleted.ShouldBeFalse();
        mayGoOn.SetResult();

        (await closing).ShouldBeTrue();
        await opening;
        (await _book.Verify(Juliet, "another", Client)).ShouldBeTrue();
    }

    private static Task<AccountRefusal> Refused(ValueTask<Identity> act) => Refused(new ValueTask(act.AsTask()));

    private static async Task<AccountRefusal> Refused(ValueTask act) =>
        (await Should.ThrowAsync<AccountRefusedException>(act.AsTask())).Reason;

    private sealed class PasswordsChanged : IAccountListener
    {
        public List<Identity> Of { get; } = [];

        public ValueTask OnClosing(Identity account) => default;

        public ValueTask OnClosed(Identity account) => default;

        public void OnPasswordChanged(Identity account) => Of.Add(account);
    }

    private sealed class Listener(Func<Identity, Task> closing, Func<Identity, Task> closed) : IAccountListener
    {
        public async ValueTask OnClosing(Identity account) => await closing(account);

        public async ValueTask OnClosed(Identity account) => await closed(account);
    }
}

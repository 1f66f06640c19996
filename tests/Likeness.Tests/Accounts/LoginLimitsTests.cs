using System.Net;
using Likeness.Accounts;
using Likeness.Limits;
using Likeness.Tests.Limits;

namespace Likeness.Tests.Accounts;

[Trait("Requirement", "C-49")]
public sealed class LoginLimitsTests
{
    private static readonly Identity Juliet = new("juliet@example.org");
    private readonly ManualClock _clock = new();
    private readonly LoginLimits _limits;

    public LoginLimitsTests() => _limits = new LoginLimits(_clock);

    [Fact]
    public void Six_hundred_guesses_from_a_hundred_addresses_at_one_account_are_ten() =>
        Enumerable.Range(0, 600).Count(guess => Guess(Juliet, $"198.51.100.{guess % 100}")).ShouldBe(10);

    [Fact]
    public void Guesses_from_one_IPv6_network_at_many_accounts_are_fifty() =>
        Enumerable.Range(0, 120).Count(guess => Guess(new Identity($"user{guess}@example.org"), $"2001:db8::{guess:x}")).ShouldBe(50);

    [Fact]
    public void An_account_that_is_attacked_lets_its_owner_in_from_a_known_client()
    {
        LogIn(Juliet, "192.0.2.1").ShouldBeTrue();
        while (Guess(Juliet, "198.51.100.1"))
        {
        }

        LogIn(Juliet, "192.0.2.1").ShouldBeTrue();
        LogIn(Juliet, "192.0.2.2").ShouldBeFalse();
        _clock.Pass(TimeSpan.FromSeconds(91));
        LogIn(Juliet, "192.0.2.2").ShouldBeTrue();
    }

    [Fact]
    public void A_neighbour_behind_the_same_address_cannot_lock_the_owner_out()
    {
        LogIn(Juliet, "192.0.2.1").ShouldBeTrue();
        for (var guess = 0; guess < 200; guess++)
        {
            Guess(new Identity($"user{guess}@example.org"), "192.0.2.1");
        }

        LogIn(Juliet, "192.0.2.1").ShouldBeTrue();
    }

    [Fact]
    public void A_known_client_cannot_guess_without_end_either()
    {
        LogIn(Juliet, "192.0.2.1").ShouldBeTrue();
        Enumerable.Range(0, 600).Count(_ => Guess(Juliet, "192.0.2.1")).ShouldBe(50);
    }

    [Fact]
    public void Good_logins_use_nothing_up()
    {
        for (var login = 0; login < 2000; login++)
        {
            LogIn(new Identity($"user{login}@example.org"), "192.0.2.1").ShouldBeTrue();
        }
    }

    [Fact]
    public void Attempts_at_the_same_moment_count_before_any_of_them_is_checked()
    {
        var attempts = Enumerable.Range(0, 30).Select(client => _limits.Begin(Juliet, Client($"198.51.100.{client}"))).ToList();
        attempts.Count(attempt => attempt.IsAllowed).ShouldBe(10);
        attempts[^1].Wait.ShouldBe(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(1));
    }

    private bool Guess(Identity account, string client) => _limits.Begin(account, Client(client)).IsAllowed;

    private bool LogIn(Identity account, string client)
    {
        var attempt = _limits.Begin(account, Client(client));
        if (attempt.IsAllowed)
        {
            attempt.Succeeded();
        }

        return attempt.IsAllowed;
    }

    private static ClientKey Client(string address) => ClientKey.Of(IPAddress.Parse(address));
}

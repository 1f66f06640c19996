using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "P-12")]
public abstract class SecondFactorContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task It_is_kept_and_another_takes_its_place_with_its_codes()
    {
        await Set(Juliet, 1, 2);
        await Reopen();
        var kept = (await Stores.SecondFactors.Find(Juliet))!;
        kept.Secret.ShouldBe([1]);
        (kept.Since, kept.Step, kept.CodesLeft).ShouldBe((Noon, 7, 2));
        (await Stores.SecondFactors.Find(Romeo)).ShouldBeNull();
        await Set(Juliet, 2, 1);
        kept = (await Stores.SecondFactors.Find(Juliet))!;
        (kept.Secret[0], kept.CodesLeft).ShouldBe(((byte)2, 1));
    }

    [Fact]
    public async Task Sessions_that_got_in_by_less_go_with_it_and_those_of_others_stay()
    {
        foreach (var person in People)
        {
            (await Stores.WebSessions.Add(new WebSession($"of {person}", person, "browser", "192.0.2.0/24", Noon, Noon, SignInMeans.Password), [(byte)person.Value[0]], [2], 20, said: null)).ShouldBeTrue();
        }

        await Set(Juliet, 1, 2);
        (await Stores.WebSessions.List(Juliet)).ShouldBeEmpty();
        (await Stores.WebSessions.List(Romeo)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_step_and_a_code_are_used_up()
    {
        await Set(Juliet, 1, 2);
        var found = (await Stores.SecondFactors.Find(Juliet))!;
        (await Stores.SecondFactors.UseStep(found, 7, [1])).ShouldBeFalse();
        (await Stores.SecondFactors.UseStep(found, 9, [1])).ShouldBeTrue();
        (await Stores.SecondFactors.UseStep(found, 8, [1])).ShouldBeFalse("a later one was used");
        (await Stores.SecondFactors.UseStep(found with { Account = Romeo }, 10, [1])).ShouldBeFalse();
        (await Stores.SecondFactors.UseStep(found, 10, [2])).ShouldBeTrue();
        (await Stores.SecondFactors.Find(Juliet))!.Secret.ShouldBe([2], "it is kept in another form");
        (await Stores.SecondFactors.UseStep(found, 11, [1])).ShouldBeFalse("that authenticator is none any more");
        (await Stores.SecondFactors.UseRecovery(Romeo, [0], Said)).ShouldBeFalse("it is hers");
        (await Stores.SecondFactors.UseRecovery(Juliet, [0], Said)).ShouldBeTrue();
        (await Stores.SecondFactors.UseRecovery(Juliet, [0], Said)).ShouldBeFalse();
        (await Stores.SecondFactors.Find(Juliet))!.CodesLeft.ShouldBe(1);
        (await Stores.SecondFactors.SetRecovery(Juliet, [[8], [9]])).ShouldBeTrue();
        (await Stores.SecondFactors.UseRecovery(Juliet, [1], Said)).ShouldBeFalse();
        (await Stores.SecondFactors.SetRecovery(Romeo, [[8]])).ShouldBeFalse();
    }

    [Fact]
    public async Task It_is_removed_by_itself_and_with_the_account_and_stays_with_another_password()
    {
        await Set(Juliet, 1, 2);
        var keys = new ScramCredentials([1], 4096, [7], [8]);
        await Stores.Accounts.Update(new AccountRecord(Juliet, keys, keys));
        (await Stores.SecondFactors.Find(Juliet)).ShouldNotBeNull();
        (await Stores.SecondFactors.Remove(Romeo, Said)).ShouldBeFalse();
        (await Stores.SecondFactors.Remove(Juliet, Said)).ShouldBeTrue();
        (await Stores.SecondFactors.UseRecovery(Juliet, [0], Said)).ShouldBeFalse();
        await Set(Juliet, 1, 2);
        await Stores.Accounts.Remove(Juliet);
        await Register(Juliet);
        (await Stores.SecondFactors.Find(Juliet)).ShouldBeNull();
        (await Stores.SecondFactors.UseRecovery(Juliet, [0], Said)).ShouldBeFalse();
        await Should.ThrowAsync<AccountGoneException>(async () => await Set(new Identity("tybalt@example.org"), 1, 1));
    }

    private async Task Set(Identity account, byte secret, int codes) =>
        await Stores.SecondFactors.Set(new SecondFactor(account, [secret], Noon, 7), [.. Enumerable.Range(0, codes).Select(number => new[] { (byte)number })], Said);
}

public sealed class Second_factors_in_SQLite() : SecondFactorContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Second_factors_in_PostgreSQL(PostgreSqlServer server) : SecondFactorContract(new PostgreSqlDatabase(server));

using Likeness.Accounts;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Tests.Limits;

namespace Likeness.Tests.Accounts;

/// <summary>What an authenticator knows, as it lies in a real database.</summary>
[Trait("Requirement", "P-12")]
public sealed class SecondFactorsTests : IAsyncLifetime
{
    private static readonly Identity Juliet = new("juliet@example.org");
    private static readonly Identity Romeo = new("romeo@example.org");
    private readonly string _directory = Directory.CreateTempSubdirectory("likeness-factors-").FullName;
    private readonly ManualClock _clock = new();
    private readonly byte[] _authenticator = OneTimeCodes.NewSecret();
    private IStores _stores = null!;
    private SecondFactors _factors = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await Database.Open(new StorageOptions { DataDirectory = _directory });
        _factors = Under(1);
        foreach (var account in new[] { Juliet, Romeo })
        {
            await _stores.Accounts.Add(new AccountRecord(account, null, null));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_row_of_before_is_read_and_sealed_when_it_is_used()
    {
        await _stores.SecondFactors.Set(new SecondFactor(Juliet, _authenticator, _clock.GetUtcNow(), 0), [], new AuditEntry(_clock.GetUtcNow(), "root", "second factor on", Juliet.Value));
        (await _factors.Use(Juliet, "000000x")).ShouldBeFalse();
        (await Kept()).ShouldBe(_authenticator);
        (await _factors.Use(Juliet, Code())).ShouldBeTrue();
        var kept = await Kept();
        kept.AsSpan().IndexOf(_authenticator).ShouldBe(-1);
        _factors.Open(Juliet, kept).ShouldBe(_authenticator);
        _clock.Pass(TimeSpan.FromMinutes(1));
        (await _factors.Use(Juliet, Code())).ShouldBeTrue("it is the same authenticator");
        (await Kept()).ShouldBe(kept);
    }

    [Fact]
    public async Task Under_another_secret_or_for_another_account_recovery_codes_alone_are_good()
    {
        var codes = (await _factors.TurnOn(Juliet, _authenticator, Code()))!;
        _clock.Pass(TimeSpan.FromMinutes(1));
        var kept = await Kept();
        await _stores.SecondFactors.Set(new SecondFactor(Romeo, kept, _clock.GetUtcNow(), 0), [], new AuditEntry(_clock.GetUtcNow(), "root", "second factor on", Juliet.Value));
        (await _factors.Use(Romeo, Code())).ShouldBeFalse("the row is hers");
        (await Under(2).Use(Juliet, Code())).ShouldBeFalse();
        (await Under(2).Use(Juliet, codes[0])).ShouldBeTrue();
        (await _factors.Use(Juliet, Code())).ShouldBeTrue();
    }

    private SecondFactors Under(byte secret) => new(_stores.SecondFactors, [.. Enumerable.Repeat(secret, 32)], _clock);

    private async Task<byte[]> Kept() => (await _stores.SecondFactors.Find(Juliet))!.Secret;

    private string Code() => OneTimeCodes.At(_authenticator, OneTimeCodes.StepAt(_clock.GetUtcNow()));
}

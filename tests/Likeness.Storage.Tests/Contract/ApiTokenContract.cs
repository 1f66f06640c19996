using System.Security.Cryptography;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class ApiTokenContract(TestDatabase database) : StoreContract(database)
{
    private static readonly byte[] Hash = SHA256.HashData("one"u8);
    private static readonly byte[] OtherHash = SHA256.HashData("two"u8);

    private static readonly ApiToken Token = new("backup", ["example.org", "example.net"], ReadOnly: true, Noon, Noon.AddDays(30));

    [Fact]
    public async Task A_token_is_found_by_its_hash_and_outlives_a_restart()
    {
        await Stores.ApiTokens.Add(Token, Hash);
        await Reopen();

        var found = (await Stores.ApiTokens.Find(Hash)).ShouldNotBeNull();
        found.Domains.ShouldBe(Token.Domains);
        (found with { Domains = Token.Domains }).ShouldBe(Token);
        (await Stores.ApiTokens.Find(OtherHash)).ShouldBeNull();
    }

    [Fact]
    public async Task A_token_without_limits_has_no_domains_and_no_end()
    {
        await Stores.ApiTokens.Add(new ApiToken("all", [], ReadOnly: false, Noon, null), Hash);

        var found = (await Stores.ApiTokens.Find(Hash)).ShouldNotBeNull();
        found.Domains.ShouldBeEmpty();
        found.Expires.ShouldBeNull();
        found.LastUsed.ShouldBeNull();
        found.ReadOnly.ShouldBeFalse();
    }

    [Fact]
    public async Task A_name_is_given_once()
    {
        await Stores.ApiTokens.Add(Token, Hash);

        await Should.ThrowAsync<StoreConflictException>(async () => await Stores.ApiTokens.Add(Token, OtherHash));
        (await Stores.ApiTokens.Find(OtherHash)).ShouldBeNull();
    }

    [Fact]
    public async Task Tokens_are_listed_by_name_and_removed()
    {
        await Stores.ApiTokens.Add(Token with { Name = "b" }, Hash);
        await Stores.ApiTokens.Add(Token with { Name = "a" }, OtherHash);

        (await Stores.ApiTokens.List()).Select(token => token.Name).ShouldBe(["a", "b"]);
        (await Stores.ApiTokens.Remove("b")).ShouldBeTrue();
        (await Stores.ApiTokens.Remove("b")).ShouldBeFalse();
        (await Stores.ApiTokens.Find(Hash)).ShouldBeNull();
    }

    [Fact]
    public async Task The_last_use_only_moves_forward()
    {
        await Stores.ApiTokens.Add(Token, Hash);
        await Stores.ApiTokens.Used("backup", Noon.AddHours(2));
        await Stores.ApiTokens.Used("backup", Noon.AddHours(1));

        (await Stores.ApiTokens.Find(Hash))!.LastUsed.ShouldBe(Noon.AddHours(2));
    }

    [Fact]
    public async Task The_probe_writes_as_often_as_it_is_asked()
    {
        await Stores.Probe(Noon);
        await Stores.Probe(Noon.AddSeconds(1));
        await Stores.DisposeAsync();

        await Should.ThrowAsync<Exception>(async () => await Stores.Probe(Noon));
    }
}

public sealed class Api_tokens_in_SQLite() : ApiTokenContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Api_tokens_in_PostgreSQL(PostgreSqlServer server) : ApiTokenContract(new PostgreSqlDatabase(server));

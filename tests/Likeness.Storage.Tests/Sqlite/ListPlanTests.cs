using Likeness.Storage.Tables;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Sqlite;

/// <summary>How SQLite reads a page of people: from where it begins, in its order, and no further.</summary>
[Trait("Requirement", "P-71")]
public sealed class ListPlanTests : IAsyncDisposable
{
    private readonly SqliteDatabase _database = new();

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Theory]
    [InlineData(AccountFilter.All, "accounts_by_name (domain=? AND account>? AND account<?)")]
    [InlineData(AccountFilter.Picture, "accounts_by_picture (domain=? AND shows=? AND account>? AND account<?)")]
    [InlineData(AccountFilter.NoPicture, "accounts_by_picture (domain=? AND shows=? AND account>? AND account<?)")]
    [InlineData(AccountFilter.Locked, "accounts_held (domain=? AND account>? AND account<?)")]
    [InlineData(AccountFilter.Disabled, "accounts_disabled (domain=? AND account>? AND account<?)")]
    public async Task A_page_is_read_from_one_index(AccountFilter filter, string index)
    {
        await using var stores = await _database.Open();
        var engine = ((OpenStores)stores).Engine;
        foreach (var isBehind in new[] { false, true })
        {
            var sql = new AccountStore(engine).PageSql(new AccountSearch("example.org", filter), isBehind, 51);
            var plan = await engine.Read(session => session.All("EXPLAIN QUERY PLAN " + sql, row => row.Text(3), "example.org", "a", "b"), default);
            plan.ShouldHaveSingleItem().ShouldEndWith(index);
        }
    }

    [Theory]
    [InlineData(PictureOrder.Newest, "portraits_by_change (domain=?", "changed")]
    [InlineData(PictureOrder.Largest, "portraits_by_bytes (domain=?", "bytes")]
    [InlineData(PictureOrder.Twins, "portraits_twins (domain=?", "source")]
    [Trait("Requirement", "P-74")]
    public async Task A_page_of_pictures_is_read_from_one_index(PictureOrder order, string index, string column)
    {
        await using var stores = await _database.Open();
        var engine = ((OpenStores)stores).Engine;
        foreach (var isBehind in new[] { false, true })
        {
            var sql = engine.Translate(PictureList.PageSql(order, isBehind, 25));
            var plan = await engine.Read(session => session.All("EXPLAIN QUERY PLAN " + sql, row => row.Text(3), isBehind ? ["example.org", order == PictureOrder.Twins ? new byte[20] : 1L, "b"] : ["example.org"]), default);
            plan[0].ShouldContain(index);
            plan[0].Contains($"({column},identity){(order == PictureOrder.Twins ? ">" : "<")}(?,?)", StringComparison.Ordinal).ShouldBe(isBehind, plan[0]);
            plan[1].ShouldStartWith("SEARCH p USING INDEX");
            plan.Count.ShouldBe(2, "nothing is sorted");
        }
    }

    [Fact]
    public async Task Those_with_a_role_are_looked_up_one_by_one()
    {
        await using var stores = await _database.Open();
        var engine = ((OpenStores)stores).Engine;
        var sql = new AccountStore(engine).PageSql(new AccountSearch("example.org", AccountFilter.Role), isBehind: false, 51);
        var plan = await engine.Read(session => session.All("EXPLAIN QUERY PLAN " + sql, row => row.Text(3), "example.org", "a", "b"), default);
        plan.ShouldContain(step => step.StartsWith("SEARCH accounts", StringComparison.Ordinal) && step.Contains("account=?", StringComparison.Ordinal));
        plan.ShouldNotContain(step => step.StartsWith("SCAN accounts", StringComparison.Ordinal));
    }
}

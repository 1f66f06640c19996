using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "P-73")]
public abstract class ReportContract(TestDatabase database) : StoreContract(database)
{
    private static readonly PictureId Face = PictureId.Of("face"u8);

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task A_report_is_kept_as_it_is_and_the_same_once_more_is_counted()
    {
        var first = Of("a", Juliet, Noon);
        (await Add(first)).ShouldBeTrue();
        (await Add(Of("b", Juliet, Noon.AddHours(1)) with { Reason = "again" })).ShouldBeTrue();
        (await Add(Of("c", Romeo, Noon.AddHours(-1)))).ShouldBeTrue();
        await Reopen();
        (await Stores.Reports.Open(10)).ShouldBe([Of("c", Romeo, Noon.AddHours(-1)), first with { Times = 2 }]);
        (await Stores.Reports.Open(1)).Count.ShouldBe(1);
        (await Stores.Reports.Find("a")).ShouldBe(first with { Times = 2 });
        (await Stores.Reports.Find("b")).ShouldBeNull();
    }

    [Fact]
    public async Task One_decides_and_what_is_reported_afterwards_is_new()
    {
        await Add(Of("a", Juliet, Noon));
        (await Stores.Reports.Decide("a", "keep", "friar", Noon.AddDays(1))).ShouldBeTrue();
        (await Stores.Reports.Decide("a", "clear", "nurse", Noon.AddDays(1))).ShouldBeFalse();
        (await Stores.Reports.Find("a")).ShouldBeNull();
        (await Stores.Reports.Open(10)).ShouldBeEmpty();

        (await Add(Of("b", Juliet, Noon.AddDays(2)))).ShouldBeTrue();
        (await Stores.Reports.Open(10)).Select(one => one.Id).ShouldBe(["b"]);
    }

    [Fact]
    public async Task No_more_wait_than_may()
    {
        await Add(Of("a", Juliet, Noon), most: 1);
        (await Add(Of("b", Romeo, Noon), most: 1)).ShouldBeFalse();
        (await Add(Of("c", Juliet, Noon), most: 1)).ShouldBeTrue("it is counted");
        await Stores.Reports.Decide("a", "keep", "friar", Noon);
        (await Add(Of("d", Romeo, Noon), most: 1)).ShouldBeTrue();
    }

    [Fact]
    public async Task Reports_go_with_the_account_and_a_while_after_they_were_decided()
    {
        await Add(Of("a", Juliet, Noon));
        await Add(Of("b", Romeo, Noon));
        await Stores.Accounts.Remove(Juliet);
        (await Stores.Reports.Open(10)).Select(one => one.Id).ShouldBe(["b"]);
        await Stores.Reports.Prune(Noon.AddDays(500));
        (await Stores.Reports.Open(10)).Count.ShouldBe(1, "nobody has decided");
        await Stores.Reports.Decide("b", "keep", "friar", Noon);
        await Stores.Reports.Prune(Noon.AddDays(1));
        (await Stores.Reports.Decide("b", "keep", "friar", Noon)).ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "P-70")]
    public async Task Those_of_some_domains_are_read_by_themselves()
    {
        var elsewhere = new Identity("anne@club.net");
        await Add(Of("a", Juliet, Noon));
        await Add(Of("b", elsewhere, Noon.AddHours(1)));
        await Add(Of("c", new Identity("eve@notexample.org"), Noon));
        (await Stores.Reports.Open(10, ["example.org"])).Select(one => one.Id).ShouldBe(["a"]);
        (await Stores.Reports.Open(10, ["example.org", "club.net"])).Select(one => one.Id).ShouldBe(["a", "b"]);
        (await Stores.Reports.Open(10, ["example_org", "%"])).ShouldBeEmpty("a name is no pattern");
        (await Stores.Reports.Open(10, [])).ShouldBeEmpty();
    }

    private static PictureReport Of(string id, Identity person, DateTimeOffset made) => new(id, person, Face, "not hers", "nurse@example.org", 1, made);

    private ValueTask<bool> Add(PictureReport report, int most = 100) => Stores.Reports.Add(report, most);
}

public sealed class Reports_in_SQLite() : ReportContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Reports_in_PostgreSQL(PostgreSqlServer server) : ReportContract(new PostgreSqlDatabase(server));

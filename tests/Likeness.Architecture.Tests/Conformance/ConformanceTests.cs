namespace Likeness.Architecture.Tests.Conformance;

public sealed class ConformanceTests
{
    public static IEnumerable<TheoryDataRow<string>> Tables => ConformanceTable.All.Select(table => new TheoryDataRow<string>(table.Name));

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_table_of_requirements_is_up_to_date(string table) =>
        File.ReadAllText(Table(table).Document).ShouldBe(Table(table).Text(), "Run scripts/conformance.");

    [Fact]
    public void Every_requirement_has_a_test_or_an_excuse()
    {
        var tests = TestsByRequirement.Read();

        ConformanceTable.All
            .Where(table => table.IsWhole)
            .SelectMany(table => table.Requirements)
            .Where(requirement => requirement.Excuse is null && !tests.Contains(requirement.Id))
            .Select(requirement => $"{requirement.Id} {requirement.Summary}")
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public void Tests_name_only_requirements_that_exist(string table) =>
        TestsByRequirement.Read().Select(tests => tests.Key)
            .Where(Table(table).IsAbout)
            .Except(Table(table).Requirements.Select(requirement => requirement.Id))
            .ShouldBeEmpty($"An id needs its line, with a title, in Conformance/{table}.tsv.");

    private static ConformanceTable Table(string name) => ConformanceTable.All.Single(table => table.Name == name);
}

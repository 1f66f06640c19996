namespace Likeness.Architecture.Tests.Conformance;

public sealed class ConformanceTests
{
    [Fact]
    public void The_table_of_requirements_is_up_to_date() =>
        File.ReadAllText(ConformanceTable.Document).ShouldBe(ConformanceTable.Text(), "Run scripts/conformance.");

    [Fact]
    public void Every_requirement_has_a_test_or_an_excuse()
    {
        var tests = TestsByRequirement.Read();

        ConformanceTable.Requirements
            .Where(requirement => requirement.Excuse is null && !tests.Contains(requirement.Id))
            .Select(requirement => $"{requirement.Id} {requirement.Summary}")
            .ShouldBeEmpty();
    }

    [Fact]
    public void Tests_name_only_requirements_that_exist() =>
        TestsByRequirement.Read().Select(tests => tests.Key)
            .Where(id => id.StartsWith("L-", StringComparison.Ordinal))
            .Except(ConformanceTable.Requirements.Select(requirement => requirement.Id))
            .ShouldBeEmpty();
}

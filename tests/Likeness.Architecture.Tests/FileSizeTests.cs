namespace Likeness.Architecture.Tests;

public sealed class FileSizeTests
{
    private const int Limit = 400;

    private static readonly (string File, int Lines)[] Source = Measure("src");

    [Fact]
    public void Half_of_the_source_files_are_short() =>
        Source[Source.Length / 2].Lines.ShouldBeLessThanOrEqualTo(80);

    [Fact]
    public void Nine_source_files_in_ten_have_fewer_than_200_lines() =>
        Source[Source.Length * 9 / 10].Lines.ShouldBeLessThan(200);

    [Fact]
    public void What_is_never_read_apart_lives_together() =>
        Source.Count(measured => measured.Lines <= 30).ShouldBeLessThanOrEqualTo(Source.Length * 28 / 100);

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_file_has_more_than_400_lines(string folder) =>
        Measure(folder).Where(measured => measured.Lines > Limit).ShouldBeEmpty();

    /// <summary>Shortest first.</summary>
    private static (string File, int Lines)[] Measure(string folder) =>
        [.. Repository.Files(folder, "*.cs").Select(path => (Repository.Relative(path), File.ReadLines(path).Count())).OrderBy(measured => measured.Item2)];
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Likeness.Cli.Tests.Packaging;

/// <summary>What goes out with the program says whose work it is.</summary>
[Trait("Category", "Integration")]
[Trait("Requirement", "D-64")]
public sealed class NoticesTests
{
    [Fact]
    public async Task Every_package_in_the_program_is_named_with_its_licence_and_texts_that_have_to_be_given()
    {
        var program = Path.GetDirectoryName(typeof(CommandLine).Assembly.Location)!;

        var notices = await Notices(program);

        var packages = Libraries(Path.Combine(program, "Likeness.Cli.deps.json")).ToList();
        packages.Count.ShouldBeGreaterThan(15);
        packages.ShouldAllBe(package => notices.Contains($"\n{package.Replace('/', ' ')}: ", StringComparison.Ordinal));
        notices.ShouldContain("NetVips.Native.linux-x64 8.18.7: LGPL-3.0-or-later");
        notices.ShouldContain("GNU LESSER GENERAL PUBLIC LICENSE");
        notices.ShouldContain("PostgreSQL: Npgsql");
    }

    [Fact]
    public async Task A_licence_that_is_not_on_the_list_ends_the_making_of_a_package()
    {
        using var folder = new TemporaryDirectory();
        var (package, version) = ("evil.library", "1.0.0");
        var cached = Directory.CreateDirectory(Path.Combine(folder.Path, "packages", package, version)).FullName;
        await File.WriteAllTextAsync(Path.Combine(cached, package + ".nuspec"), """<package><metadata><license type="expression">GPL-3.0-only</license></metadata></package>""");
        folder.Write("Likeness.Cli.deps.json", $$"""{ "libraries": { "{{package}}/{{version}}": { "type": "package" } } }""");

        var refused = await Should.ThrowAsync<InvalidOperationException>(() => Notices(folder.Path, folder.File("packages")));

        refused.Message.ShouldContain("GPL-3.0-only, which is not on the list");
    }

    private static IEnumerable<string> Libraries(string dependencies)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(dependencies));
        return [.. document.RootElement.GetProperty("libraries").EnumerateObject().Where(library => library.Value.GetProperty("type").GetString() == "package").Select(library => library.Name)];
    }

    private static async Task<string> Notices(string published, string? packages = null)
    {
        var start = new ProcessStartInfo(Path.Combine(Root(), "packaging", "notices"), [published]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (packages is not null)
        {
            start.Environment["NUGET_PACKAGES"] = packages;
        }

        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output[0] : throw new InvalidOperationException(output[1]);
    }

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}

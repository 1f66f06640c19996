using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Likeness.AspNetCore.Tests.Packaging;

/// <summary>The packages, made as for a release and used from a folder by a program that knows nothing of this repository.</summary>
[Trait("Requirement", "D-50")]
[Trait("Category", "Slow")]
public sealed class PackageTests : IDisposable
{
    private static readonly string[] Packages = ["Likeness.Libravatar", "Likeness.AspNetCore", "Likeness.Xmpp"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("likeness-packages-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Trait("Requirement", "D-52")]
    [Trait("Requirement", "D-53")]
    [Trait("Requirement", "D-54")]
    [Trait("Requirement", "D-68")]
    public async Task Packages_are_complete_and_work_in_a_program_for_NET_8_and_10()
    {
        var feed = _folder.CreateSubdirectory("feed").FullName;
        foreach (var package in Packages)
        {
            await Dotnet(Root(""), "pack", $"src/{package}", "-c", "Release", "-o", feed, "--artifacts-path", Path.Combine(_folder.FullName, "build"), "-v", "quiet", "-nologo");
        }

        var versions = Packages.Select(package => Inspect(feed, package)).ToList();
        versions.Distinct().ShouldHaveSingleItem().ShouldMatch(@"^\d+\.\d+\.\d+(-.+)?$");

        foreach (var framework in (string[])["net8.0", "net10.0"])
        {
            var output = await Use(feed, versions[0], framework);
            output.ShouldContain("nobody is asked");
            output.ShouldContain("/avatars/");
            output.ShouldContain("anne@example.org");
            output.ShouldContain("Falback is refused");
            output.ShouldContain("Fetch:MayConnect is refused");
        }
    }

    /// <summary>Returns the version.</summary>
    private static string Inspect(string feed, string package)
    {
        var file = Directory.GetFiles(feed, package + ".*.nupkg").ShouldHaveSingleItem();
        File.Exists(Path.ChangeExtension(file, ".snupkg")).ShouldBeTrue();
        using var zip = ZipFile.OpenRead(file);
        var names = zip.Entries.Select(entry => entry.FullName).ToList();
        names.ShouldContain("README.md");
        names.ShouldContain("icon.png");
        string[] frameworks = package == "Likeness.Xmpp" ? ["net10.0"] : ["net8.0", "net10.0"];
        foreach (var framework in frameworks)
        {
            names.ShouldContain($"lib/{framework}/{package}.dll");
            names.ShouldContain($"lib/{framework}/{package}.xml");
        }

        using var stream = zip.GetEntry(package + ".nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();
        string Text(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value ?? "";
        (Text("license"), Text("icon"), Text("readme")).ShouldBe(("Apache-2.0", "icon.png", "README.md"));
        foreach (var name in (string[])["projectUrl", "releaseNotes", "description", "tags", "authors"])
        {
            Text(name).ShouldNotBeEmpty(name);
        }

        metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value)
            .ShouldAllBe(id => id.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) || id == "Likeness.Libravatar");
        return Text("version");
    }

    private async Task<string> Use(string feed, string version, string framework)
    {
        var folder = _folder.CreateSubdirectory("use-" + framework).FullName;
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <fallbackPackageFolders><add key="cache" value="{cache}" /></fallbackPackageFolders>
              <packageSources><clear /><add key="feed" value="{feed}" /><add key="nuget.org" value="https://api.nuget.org/v3/index.json" /></packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(folder, "Use.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{framework}</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                <PackageReference Include="Likeness.AspNetCore" Version="{version}" />
                <PackageReference Include="Likeness.Xmpp" Version="{version}" Condition="'$(TargetFramework)' != 'net8.0'" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), $$"""
            using Likeness.AspNetCore;
            using Likeness.Libravatar;
            using Microsoft.AspNetCore.Builder;
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;

            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["urls"] = "http://127.0.0.1:0",
                ["Avatars:Keys:0"] = "a key that is long enough for a site",
                ["Avatars:Client:Fallback"] = "None",
                ["Avatars:Client:Discovery:Resolver:Servers:0"] = "127.0.0.1:9",
            });
            builder.Services.AddAvatars(builder.Configuration.GetSection("Avatars"));
            await using var app = builder.Build();
            app.MapAvatars();
            await app.StartAsync();
            Console.WriteLine(app.Services.GetRequiredService<IAvatarClient>().Locate(Address.Email("anne@example.org")).Url ?? "nobody is asked");
            Console.WriteLine(app.Services.GetRequiredService<AvatarLinks>().Url("anne@example.org"));
            Console.WriteLine({{(framework == "net8.0" ? "\"anne@example.org\"" : "Likeness.Xmpp.Jid.Parse(\"anne@example.org\")")}});
            foreach (var wrong in new[] { "Falback", "Fetch:MayConnect" })
            {
                try
                {
                    new AvatarClientOptions().ReadFrom(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [wrong] = "None" }).Build());
                    Console.WriteLine(wrong + " is lost");
                }
                catch (InvalidOperationException)
                {
                    Console.WriteLine(wrong + " is refused");
                }
            }
            """);
        await Dotnet(folder, "build", "-c", "Release", "-v", "quiet", "-nologo");
        return await Dotnet(folder, Path.Combine(folder, "bin", "Release", framework, "Use.dll"));
    }

    private static async Task<string> Dotnet(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };

        // What was built for .NET 8 runs on the runtime that is here.
        start.Environment["DOTNET_ROLL_FORWARD"] = "Major";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, string.Join('\n', output));
        return output[0];
    }

    private static string Root(string path, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../..", path));
}

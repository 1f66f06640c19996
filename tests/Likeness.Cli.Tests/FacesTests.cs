using Likeness.Imaging.Faces;

namespace Likeness.Cli.Tests;

public sealed class FacesTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Every_face_is_listed_with_a_line_about_it()
    {
        var ran = await LikenessProgram.Run("faces");

        ran.Code.ShouldBe(ExitCode.Done);
        var lines = ran.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(FaceCatalogue.All.Count);
        lines.ShouldContain("mm, mp      somebody's outline, the same for everybody");
    }

    [Fact]
    public async Task A_face_is_drawn_in_the_terminal()
    {
        var ran = await LikenessProgram.Run("faces", "monsterid", "juliet@example.org");

        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.Split('\n').Count(line => line.Length == 40).ShouldBe(20);
    }

    [Fact]
    public async Task An_address_and_its_hash_have_the_same_face()
    {
        await Draw("monsterid", "Juliet@Example.org", "address.png");
        await Draw("monsterid", "6f3e1b1c7f1d7f2f2b1e2fd6a8d8d4c1", "another.png");
        await Draw("monsterid", Likeness.Libravatar.Address.Email("juliet@example.org").Md5.Text, "hash.png");

        Bytes("hash.png").ShouldBe(Bytes("address.png"));
        Bytes("another.png").ShouldNotBe(Bytes("address.png"));
    }

    [Theory]
    [InlineData("face.png", new byte[] { 0x89, 0x50 })]
    [InlineData("face.JPG", new byte[] { 0xFF, 0xD8 })]
    [InlineData("face.gif", new byte[] { 0x47, 0x49 })]
    [InlineData("face.webp", new byte[] { 0x52, 0x49 })]
    public async Task The_files_ending_tells_the_format(string file, byte[] beginning)
    {
        await Draw("retro", "juliet@example.org", file);

        Bytes(file)[..2].ShouldBe(beginning);
    }

    [Fact]
    public async Task Contact_sheets_are_written_into_a_directory()
    {
        var folder = _data.File("sheets");

        var ran = await LikenessProgram.Run("faces", "color", "--sheet", folder);

        ran.Code.ShouldBe(ExitCode.Done);
        Path.GetRelativePath(folder, ran.Output.Trim()).ShouldBe("color.webp");
        File.Exists(ran.Output.Trim()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("There is no face bogus", "faces", "bogus")]
    [InlineData("Whose face?", "faces", "retro")]
    [InlineData("WHO is", "faces", "retro", "@")]
    [InlineData("--size", "faces", "retro", "juliet@example.org", "--size", "0")]
    [InlineData("--output ends in", "faces", "retro", "juliet@example.org", "-o", "face.bmp")]
    public async Task Wrong_usage_is_told_in_one_line(string complaint, params string[] arguments)
    {
        var ran = await LikenessProgram.Run(arguments);

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.Output.ShouldBeEmpty();
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain(complaint);
    }

    private async Task Draw(string kind, string who, string file) =>
        (await LikenessProgram.Run("faces", kind, who, "--size", "32", "-o", _data.File(file))).Code.ShouldBe(ExitCode.Done);

    private byte[] Bytes(string file) => File.ReadAllBytes(_data.File(file));
}

using System.Net.Sockets;
using Likeness.Server;
using Likeness.Server.Control;

namespace Likeness.Cli.Tests.Control;

public sealed class ControlPathTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_socket_in_a_directory_that_others_can_enter_is_not_told_a_password()
    {
        var deep = Directory.CreateDirectory(_data.File(new string('d', 120))).FullName;
        var path = ControlPath.Candidates(deep)[0];
        var trap = Directory.CreateDirectory(Path.GetDirectoryName(path)!, (UnixFileMode)0b111_101_101);
        try
        {
            using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            listener.Listen();

            var ran = await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "secret12345", "--data", deep);

            ran.Code.ShouldBe(ExitCode.Failed);
            ran.ErrorLines.ShouldHaveSingleItem().ShouldContain("was not made by the server");
            listener.Poll(0, SelectMode.SelectRead).ShouldBeFalse("nobody has connected");
        }
        finally
        {
            trap.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_link_to_a_private_directory_is_not_one()
    {
        var deep = Directory.CreateDirectory(_data.File(new string('d', 120))).FullName;
        var path = ControlPath.Candidates(deep)[0];
        var link = Directory.CreateSymbolicLink(Path.GetDirectoryName(path)!, _data.Path);
        try
        {
            Should.Throw<OperationRefusedException>(() => ControlPath.Check(path, deep));
        }
        finally
        {
            link.Delete();
        }
    }
}

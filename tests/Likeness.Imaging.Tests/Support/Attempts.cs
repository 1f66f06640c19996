using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Likeness.Imaging.Tests.Support;

/// <summary>What a decoder that was taken over would try, by system calls alone. No library is looked for any more when it is confined, so they are found before.</summary>
internal static unsafe class Attempts
{
    private static nint s_libc;

    public static void Prepare()
    {
        s_libc = NativeLibrary.Load("libc.so.6");
        Make("other-thread");
        Make("kill 0");
    }

    /// <returns>The error number; 0 when it worked.</returns>
    public static int Make(string what)
    {
        const int readOnly = 0, internet = 2, stream = 1, attach = 16, processorSeconds = 0;
        var words = what.Split(' ');
        var path = Encoding.UTF8.GetBytes(words[^1] + "\0");
        var number = int.TryParse(words[^1], CultureInfo.InvariantCulture, out var process) ? process : 0;
        fixed (byte* text = path)
        {
            var file = (nint)text;
            var most = stackalloc ulong[] { ulong.MaxValue, ulong.MaxValue };
            return words[0] switch
            {
                "open" => Call("open", file, readOnly),
                "unlink" => Call("unlink", file),
                "socket" => Call("socket", internet, stream),
                "ptrace" => Call("ptrace", attach, number),
                "kill" => Call("kill", number),
                "fork" => Call("fork"),
                "execute" => Call("execve", file),
                "raise" => Call("setrlimit", processorSeconds, (nint)most),
                "other-thread" => OnAnotherThread(() => Make("open /etc/passwd")),
                _ => throw new ArgumentOutOfRangeException(nameof(what)),
            };
        }
    }

    private static int Call(string function, nint first = 0, nint second = 0)
    {
        var call = (delegate* unmanaged<nint, nint, nint, nint, int>)NativeLibrary.GetExport(s_libc, function);
        return call(first, second, 0, 0) < 0 ? Marshal.GetLastSystemError() : 0;
    }

    // The pool's threads were there before the confinement.
    private static int OnAnotherThread(Func<int> attempt) => Task.Run(attempt).GetAwaiter().GetResult();
}

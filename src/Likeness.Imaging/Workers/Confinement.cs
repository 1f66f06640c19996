using System.Runtime.InteropServices;

namespace Likeness.Imaging.Workers;

/// <summary>
/// Takes from this process what decoding needs no more: opening files, sockets, starting and touching processes, and the kernel's rarer doors
/// (seccomp(2), for every thread and for good). What is open stays open: the pipes, and the libraries that are in memory.
/// </summary>
internal static unsafe partial class Confinement
{
    private const int SetNoNewPrivileges = 38;
    private const nint SetModeFilter = 1;
    private const nint AllThreads = 1;

    /// <summary>What a call that exists here may be numbered at most; newer ones are not known, so they do not exist for this process.</summary>
    private const uint LastKnown = 448;

    private const uint MayNot = 0x00050000 | 13;
    private const uint DoesNotExist = 0x00050000 | 38;
    private const uint Allow = 0x7FFF0000;
    private const uint Kill = 0x80000000;

    private const int Number = 0;
    private const int Architecture = 4;

    /// <summary>Does it for good.</summary>
    /// <returns>What could not be had, for the log; empty when everything is as it should be.</returns>
    public static string Enter()
    {
        if (!OperatingSystem.IsLinux() || Machine.Here is not { } machine)
        {
            return "a list of allowed system calls exists for Linux on x64 and arm64 only";
        }

        if (prctl(SetNoNewPrivileges, 1, 0, 0, 0) != 0)
        {
            return $"no_new_privs: {Marshal.GetLastPInvokeErrorMessage()}";
        }

        var filter = Filter(machine);
        fixed (Instruction* first = filter)
        {
            var program = new Program { Length = (ushort)filter.Length, First = first };
            return syscall(machine.Seccomp, SetModeFilter, AllThreads, (nint)(&program)) == 0
                ? ""
                : $"a list of allowed system calls (seccomp): {Marshal.GetLastPInvokeErrorMessage()}";
        }
    }

    private static Instruction[] Filter(Machine machine)
    {
        const uint newThread = 0x10000;
        const uint typeIntoTerminal = 0x5412;
        var code = new Assembler();
        code.Load(Architecture);
        code.UnlessEqual(machine.Audit, "kill");
        code.Load(Number);
        code.IfGreater(LastKnown, "does not exist");
        code.IfEqual(machine.Clone3, "does not exist");
        code.IfEqual(machine.Clone1, "clone");
        code.IfEqual(machine.Tgkill, "tgkill");
        code.IfEqual(machine.Prlimit, "prlimit");
        code.IfEqual(machine.Ioctl, "ioctl");
        foreach (var call in machine.Denied)
        {
            code.IfEqual(call, "may not");
        }

        code.Label("allow");
        code.Return(Allow);

        // A thread is allowed, a process is not. clone3 hides its flags behind a pointer, and the C library then takes clone.
        code.Label("clone");
        code.Load(Argument(0));
        code.IfAny(newThread, "allowed");
        code.Return(MayNot);

        // The runtime signals its own threads.
        code.Label("tgkill");
        code.Load(Argument(0));
        code.UnlessEqual((uint)Environment.ProcessId, "may not");
        code.Return(Allow);

        // Limits may be read.
        code.Label("prlimit");
        code.Load(Argument(2));
        code.UnlessEqual(0, "may not");
        code.Load(Argument(2) + 4);
        code.UnlessEqual(0, "may not");
        code.Return(Allow);

        code.Label("ioctl");
        code.Load(Argument(1));
        code.IfEqual(typeIntoTerminal, "may not");
        code.Label("allowed");
        code.Return(Allow);
        code.Label("may not");
        code.Return(MayNot);
        code.Label("does not exist");
        code.Return(DoesNotExist);
        code.Label("kill");
        code.Return(Kill);
        return code.ToArray();

        static int Argument(int index) => 16 + (8 * index);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third);

    /// <summary>The numbers of system calls, which differ between architectures.</summary>
    private sealed record Machine(uint Audit, uint Clone1, uint Clone3, uint Tgkill, uint Prlimit, uint Ioctl, int Seccomp, uint[] Denied)
    {
        /// <summary>Those every architecture numbers alike: mount and file systems, pidfd, io_uring, quotas, new memory and process calls.</summary>
        private static readonly uint[] Common =
            [424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 437, 438, 440, 442, 443, 447, 448];

        public static Machine? Here { get; } = RuntimeInformation.ProcessArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => new(0xC000003E, 56, 435, 234, 302, 16, 317,
            [
                // Files: open, creat, truncate, chdir, rename, mkdir, link, chmod, chown, mount, xattr, the …at family, inotify, fanotify.
                2, 76, 80, 81, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 132, 133, 155, 161, 163, 165, 166, 167, 168, 179, 188, 189, 190,
                197, 198, 199, 235, 253, 254, 257, 258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 294, 300, 301, 303, 304, 316,

                // Sockets and queues.
                29, 41, 42, 43, 49, 50, 53, 64, 68, 240, 288,

                // Processes: fork, exec, kill, ptrace, foreign memory, identity, priority, name spaces.
                57, 58, 59, 62, 101, 105, 106, 109, 112, 113, 114, 116, 117, 119, 122, 123, 126, 129, 135, 141, 144, 160, 200, 251, 256, 272,
                279, 297, 308, 310, 311, 312, 314, 322,

                // The kernel itself: modules, bpf, perf, keys, clocks, ports, userfaultfd.
                103, 153, 154, 159, 164, 169, 170, 171, 172, 173, 175, 176, 212, 227, 246, 248, 249, 250, 298, 305, 313, 320, 321, 323,
                .. Common,
            ]),
            System.Runtime.InteropServices.Architecture.Arm64 => new(0xC00000B7, 220, 435, 131, 261, 29, 277,
            [
                5, 6, 7, 14, 15, 16, 26, 27, 33, 34, 35, 36, 37, 38, 39, 40, 41, 45, 49, 50, 51, 52, 53, 54, 55, 56, 60, 88, 89, 224, 225, 262,
                263, 264, 265, 276,
                180, 186, 190, 194, 198, 199, 200, 201, 202, 203, 242,
                30, 91, 92, 97, 117, 119, 129, 130, 138, 140, 143, 144, 145, 146, 147, 149, 151, 152, 154, 157, 159, 164, 221, 238, 239, 240,
                268, 270, 271, 272, 274, 281,
                18, 58, 104, 105, 106, 112, 116, 142, 161, 162, 170, 171, 217, 218, 219, 241, 266, 273, 280, 282, 294,
                .. Common,
            ]),
            _ => null,
        };
    }

    /// <summary>Classic BPF (seccomp(2)): loads of a word of the call, comparisons that jump forward, returns.</summary>
    private sealed class Assembler
    {
        private readonly List<Instruction> _code = [];
        private readonly List<(int At, string Label, bool WhenTrue)> _jumps = [];
        private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);

        public void Load(int offset) => _code.Add(new Instruction { Code = 0x20, Operand = (uint)offset });

        public void Return(uint verdict) => _code.Add(new Instruction { Code = 0x06, Operand = verdict });

        public void IfEqual(uint value, string label) => Jump(0x15, value, label, whenTrue: true);

        public void UnlessEqual(uint value, string label) => Jump(0x15, value, label, whenTrue: false);

        public void IfGreater(uint value, string label) => Jump(0x25, value, label, whenTrue: true);

        public void IfAny(uint bits, string label) => Jump(0x45, bits, label, whenTrue: true);

        public void Label(string name) => _labels.Add(name, _code.Count);

        public Instruction[] ToArray()
        {
            var code = _code.ToArray();
            foreach (var (at, label, whenTrue) in _jumps)
            {
                var distance = checked((byte)(_labels[label] - at - 1));
                (code[at].WhenTrue, code[at].WhenFalse) = whenTrue ? (distance, (byte)0) : ((byte)0, distance);
            }

            return code;
        }

        private void Jump(ushort kind, uint value, string label, bool whenTrue)
        {
            _jumps.Add((_code.Count, label, whenTrue));
            _code.Add(new Instruction { Code = kind, Operand = value });
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Instruction
    {
        public ushort Code;
        public byte WhenTrue;
        public byte WhenFalse;
        public uint Operand;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Instruction* First;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace TokenLedger.Chaos;

/// <summary>
/// A wall clock that is wrong by as much as is set, for processes started in its environment. It is made of
/// clock.c by the C compiler.
/// </summary>
internal sealed class WrongClock : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenledger-clock-").FullName;
    private readonly MemoryMappedFile _offset;
    private readonly MemoryMappedViewAccessor _view;

    public WrongClock()
    {
        string library = Path.Combine(_folder, "clock.so");
        string source = Path.Combine(AppContext.BaseDirectory, "clock.c");
        using (var compiler = Process.Start("cc", ["-O2", "-shared", "-fPIC", "-o", library, source]))
        {
            compiler.WaitForExit();
            if (compiler.ExitCode != 0)
            {
                throw new InvalidOperationException($"cc could not compile {source}");
            }
        }

        string file = Path.Combine(_folder, "offset");
        File.WriteAllBytes(file, new byte[sizeof(long)]);
        _offset = MemoryMappedFile.CreateFromFile(file, FileMode.Open);
        _view = _offset.CreateViewAccessor();
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = library,
            ["TOKENLEDGER_CLOCK"] = file,
        };
    }

    /// <summary>What a process needs to have this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>From now on the clock is wrong by this, forward or back.</summary>
    public void Set(TimeSpan offset) => _view.Write(0, (long)offset.TotalMilliseconds);

    public void Dispose()
    {
        _view.Dispose();
        _offset.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

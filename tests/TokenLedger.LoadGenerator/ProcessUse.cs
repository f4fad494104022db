// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.LoadGenerator;

/// <summary>Processor time and resident memory of the validators between two moments.</summary>
internal sealed class ProcessUse
{
    private readonly Process[] _processes;
    private readonly TimeSpan[] _before;
    private readonly long _started = Stopwatch.GetTimestamp();

    public ProcessUse(int[] ids)
    {
        _processes = [.. ids.Select(Process.GetProcessById)];
        _before = [.. _processes.Select(process => process.TotalProcessorTime)];
    }

    /// <summary>Cores used by each validator since the beginning, on average over validators.</summary>
    public double CoresEach()
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_started);
        TimeSpan used = TimeSpan.Zero;
        for (int i = 0; i < _processes.Length; i++)
        {
            _processes[i].Refresh();
            used += _processes[i].TotalProcessorTime - _before[i];
        }

        return used / elapsed / _processes.Length;
    }

    /// <summary>The largest resident memory of a validator now, in MiB.</summary>
    public double MaxResidentMiB()
    {
        foreach (Process process in _processes)
        {
            process.Refresh();
        }

        return _processes.Max(process => process.WorkingSet64) / (1024.0 * 1024.0);
    }
}

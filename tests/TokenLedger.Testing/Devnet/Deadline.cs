// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace TokenLedger.Testing.Devnet;

/// <summary>
/// The one way to wait for another process: ask until it is so, or until there is no time left.
/// </summary>
public static class Deadline
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Asks until the answer is not null.</summary>
    /// <returns>The answer.</returns>
    /// <exception cref="TimeoutException">None in time; it has <paramref name="report"/>.</exception>
    public static async Task<T> GetAsync<T>(
        string what, TimeSpan within, Func<Task<T?>> ask, Func<string>? report = null)
        where T : class
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (Stopwatch.GetElapsedTime(started) > within)
            {
                throw new TimeoutException(
                    $"Not within {within.TotalSeconds:F1} s: {what}. {report?.Invoke()}");
            }

            await PauseAsync();
        }
    }

    /// <summary>A call's deadline, a while from now.</summary>
    public static DateTime In(TimeSpan within) => TimeProvider.System.GetUtcNow().UtcDateTime + within;

    /// <summary>The pause between two asks.</summary>
    public static async Task PauseAsync()
    {
        using var timer = new PeriodicTimer(Pause);
        await timer.WaitForNextTickAsync();
    }

    /// <summary>Asks until it is true, and returns how long that took.</summary>
    public static async Task<TimeSpan> UntilAsync(
        string what, TimeSpan within, Func<Task<bool>> ask, Func<string>? report = null)
    {
        long started = Stopwatch.GetTimestamp();
        await GetAsync(what, within, async () => await ask() ? what : null, report);
        return Stopwatch.GetElapsedTime(started);
    }
}

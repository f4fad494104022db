// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Cli.Shell;

namespace TokenLedger.Cli.Output;

/// <summary>
/// Shows on a terminal that something goes on, once it has taken a second. Elsewhere it is silent: a log of
/// frames
/// helps nobody.
/// </summary>
internal static class Progress
{
    private const string Clear = "\r\e[2K";
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(120);
    private static readonly char[] Frames = ['|', '/', '-', '\\'];

    /// <summary>Runs work of unknown length.</summary>
    public static Task<T> WhileAsync<T>(Session session, string what, Func<Task<T>> work) =>
        WhileAsync(session, () => what, work);

    /// <summary>Runs work whose description changes as it goes on.</summary>
    public static async Task<T> WhileAsync<T>(Session session, Func<string> what, Func<Task<T>> work)
    {
        CliEnvironment environment = session.Environment;
        Task<T> running = work();
        if (!environment.Terminal.Error || session.IsQuiet)
        {
            return await running;
        }

        bool shown = false;
        DateTimeOffset start = environment.Time.GetUtcNow();
        TimeSpan wait = environment.ProgressDelay;
        for (
            int frame =
            0; await Task.WhenAny(running, Task.Delay(wait, environment.Time)) != running; frame++)
        {
            shown = true;
            wait = Frame;
            int seconds = (int)(environment.Time.GetUtcNow() - start).TotalSeconds;
            string line = string.Create(
                CultureInfo.InvariantCulture, $"{Frames[frame % Frames.Length]} {what()} ({seconds} s)");
            environment.Error.Write(Clear + line[..Math.Min(line.Length, environment.Terminal.Width - 1)]);
            environment.Error.Flush();
        }

        if (shown)
        {
            environment.Error.Write(Clear);
        }

        return await running;
    }
}

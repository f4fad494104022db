// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first asks the command to end, the second ends the process.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};
return await CommandLine.RunAsync(args, CliEnvironment.OfProcess(), interrupted.Token);

// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Running;

return BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args)
    .Any(summary => summary.Reports.Any(report => !report.Success)) ? 1 : 0;

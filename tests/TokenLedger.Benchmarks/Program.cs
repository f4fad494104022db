// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Running;

return BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args).Any(s => s.Reports.Any(r => !r.Success)) ? 1 : 0;

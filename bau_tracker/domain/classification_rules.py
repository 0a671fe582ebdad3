"""Decides which words, labels and types of a work item count as signs, what for, and how heavily.

One rule is `words = class +weight, class -weight`; a line that begins with spaces continues the one before. Weights are
in the units of a log-odds score and a rule counts once however many of its words appear. In words: `^add` is the first
word of a title, `fix:` its conventional-commit prefix, `<size>` one of the patterns of `classification`; several words
are a phrase, and a word stands for its inflections. How signs are found and added up is left to `classification`.
"""

from __future__ import annotations

from typing import Final

WORD_RULES: Final = """
# How a title begins, conventional commits and brackets
feat:, feature:, new: = feature +1.3, telemetry +1.0, other -0.4, defect -1.2
fix:, bugfix:, bug:, hotfix: = defect +0.6, security +0.5, capacity -0.4, support -0.5, feature -1.4
chore:, misc:, maint:, maintenance: = other +0.7, security +0.5, telemetry +0.5, feature -0.9, defect -1.0
refactor:, cleanup:, clean:, ref:, tidy: = other +1.3
docs:, documentation:, changelog: = other +1.2
test:, e2e:, spec: = other +0.6
ci:, build:, cd:, workflow:, pipeline: = other +0.7
style:, ui:, ux:, css:, design:, a11y: = minor_change +0.4
revert:, ^revert = other +1.7, defect -0.5, security -0.5, feature -0.6
epic:, story:, feature request:, enhancement:, ^epic, ^story = minor_change +0.5, feature +0.4, defect -0.4,
    security -0.4
task: = feature +0.4
release:, ^release = other +1.2
# First words
^add, ^ajout, ^adiciona = feature +1.0, support -0.8, defect -1.1
^implement, ^introduce, ^create, ^build = feature +0.4, minor_change -0.7
^support = feature +0.8, telemetry +0.4, security -0.4, capacity -0.5
^allow, ^enable users, ^let = feature +1.0, other -0.4
^enable, ^turn, ^activate = security +0.9, telemetry +0.8, capacity -0.5, minor_change -0.7, defect -1.0
^disable, ^stop, ^mute, ^silence, ^ignore, ^skip = minor_change +0.6, support -0.4, capacity -0.6, feature -1.0
^expose, ^integrate, ^provide = feature +0.9
^fix, ^corrige, ^corriger, ^behebe = defect +1.0, other +0.8, support -0.8
^bug, ^bugfix = defect +0.4
^hotfix = defect +0.7, support +0.5
^handle, ^catch, ^rescue, ^cope = defect +1.1, security +0.5, telemetry -0.4, minor_change -0.5
^ensure, ^guarantee, ^properly, ^correctly = defect +0.9, other -0.4, feature -0.5
^correct, ^restore, ^repair, ^resolve = defect +0.6, feature -0.4
^update = minor_change +0.8, other +0.8, capacity +0.4, support -0.6, feature -0.8
^upgrade = other +0.9, defect -0.5
^bump = other +0.8, security +0.6, defect -0.4
^remove, ^delete, ^drop, ^strip, ^kill = other +1.3, minor_change +0.6, feature -1.5
^use, ^using = other +0.9, support -0.5, feature -0.7, capacity -0.7
^move = capacity +0.9, other +0.5
^rename = other +1.1
^refactor, ^restructure, ^reorganise, ^reorganize, ^rework, ^rewrite, ^simplify, ^extract, ^consolidate, ^convert,
    ^split, ^deduplicate, ^centralise, ^centralize, ^unify = other +1.4, feature -0.4, security -0.4
^clean, ^cleanup, ^tidy = other +0.7, capacity -0.4
^migrate, ^port, ^switch = capacity +0.7, feature -0.4, defect -0.5, telemetry -0.5
^replace, ^swap = other +0.7
^change, ^modify, ^modifies, ^alter = minor_change +0.8, capacity -0.4, feature -0.8
^make = minor_change +0.6, support -0.5
^improve, ^enhance, ^better, ^polish = other +0.5, defect -0.5
^show, ^display, ^hide = minor_change +1.3, defect -1.0
^tweak, ^adjust, ^minor, ^small, ^tiny = minor_change +0.7, feature -0.5, defect -0.5
^increase, ^raise, ^bigger, ^double, ^scale, ^upsize, ^resize, ^reduce, ^decrease, ^lower, ^upping = capacity +1.6,
    feature -0.5, defect -0.7
^set, ^configure, ^setup, ^install = telemetry +0.5, support -0.5, minor_change -0.5
^document, ^docs, ^readme = other +0.8
^merge, ^sync, ^prep, ^prepare, ^version = other +1.2, telemetry -0.4, security -0.5, minor_change -0.5
^deploy, ^rollback, ^roll = capacity +0.7
^how, ^why, ^what, ^where, ^is, ^are, ^can, ^could, ^does, ^who = support +0.7, capacity -0.7
^restrict, ^require, ^limit, ^lock = security +1.3, minor_change +0.5, defect -0.5, feature -0.6
^secure, ^sanitize, ^sanitise, ^escape, ^encrypt, ^harden, ^rotate, ^verify, ^protect, ^block = security +1.8,
    other -0.4, feature -0.6, minor_change -0.6
^prod, ^production, ^staging = capacity +0.4, defect -0.5
^send, ^email, ^notify = telemetry +0.4
^redirect, ^return, ^check = defect +0.5
^no, ^not, ^cannot, ^unable, ^can't, ^error, ^failed, ^failure = defect +0.7, support +0.7, feature -0.6
^maintenance, ^planned, ^scheduled, ^announce, ^announcement = minor_change +0.7, support -0.4
^text, ^link, ^button, ^page, ^footer, ^title, ^header, ^icon = minor_change +0.4
# New product work
implement, implementation = feature +2.0, support -0.4, minor_change -0.5, defect -0.6, capacity -0.7
feature, functionality, capability = feature +1.2, defect -0.5
feature flag, feature toggle, flag = feature +0.9
add support, support for, to support = feature +0.8, capacity +0.8, minor_change -0.5
support = feature +1.8, defect -0.5, other -0.6
allow user, user can, ability to, be able to = feature +1.0, other -0.6
as a, i want, want to, so that = feature +0.8, capacity +0.5, support -0.4, security -0.6, defect -0.8
api = feature +1.0, capacity -0.9
expose, integrate, integration = telemetry +1.1, feature +0.7
export, import, download, csv, pdf, xlsx, excel = feature +0.9, capacity -0.5, security -0.8
upload, attachment = feature +0.9, support +0.4, other -0.4, capacity -0.5
notification, reminder, digest = feature +1.2, telemetry +0.6, security -0.5
webhook, callback = feature +0.5
search, filter = feature +1.2, defect +0.9, capacity -0.6, other -0.6
dashboard = telemetry +0.8, minor_change +0.7, security -0.5, support -0.5, other -0.5
payment, checkout, billing, invoice, subscription, stripe, refund = feature +0.9, defect +0.7
configurable, customisable, customizable, custom, option, setting = feature +0.9, defect +0.5, support -0.4,
    other -0.7
history, timeline = feature +0.9, minor_change -0.4
page, view = feature +0.8, minor_change +0.4, support -0.4, capacity -0.8
form, wizard, flow, questionnaire = feature +0.9, minor_change +0.6, other -0.4, support -0.7
profile, organisation, organization, member, team = feature +0.4, capacity -0.7
login, sso, saml, oauth, openid, sign in, sign up, registration = security +0.7, feature +0.5, capacity -0.5,
    other -0.5
model, schema, field, column, table = minor_change +0.8, feature +0.6, defect +0.6, support -0.6, capacity -0.7,
    telemetry -0.9
command, cli = feature +1.2, telemetry -0.4, capacity -0.6
phase, milestone, part of, mvp, v1, v2, prototype, poc = feature +0.9, support -0.5, defect -1.0
basic, first iteration, skeleton = feature +0.8, minor_change -0.4
design, proposal, rfc, plan = feature +0.5, other +0.4, security -0.5
map, chart, graph, visualisation, visualization = feature +0.6, security -0.6
language, i18n, locale, translations = minor_change +0.5, feature +0.4, capacity -0.5
chat, comment, messaging = defect +0.5, minor_change +0.5, other +0.4, capacity -0.6
generate, generator, generation = feature +0.7, security +0.5, support -0.7
validation, validate = feature +0.7, defect +0.7, security -0.6
metadata = feature +1.0, minor_change -0.4
auto, automatic, automatically = feature +1.0, other -0.4
admin = feature +0.8, security +0.4, capacity -0.6, telemetry -0.6, support -0.9
email, sms = support +0.8, feature +0.6, minor_change +0.6, capacity -0.5, other -0.6, telemetry -1.0
# Size, load and what a system runs on
increase, raise, bigger, larger = capacity +1.1, minor_change +0.6, feature -0.5, support -0.5
reduce, decrease, lower = capacity +0.8, minor_change +0.5, telemetry +0.4, other -0.4, feature -0.6
disk, storage, volume, ebs = capacity +2.0, telemetry +0.7, other -0.7, minor_change -1.3
disk space, disk full, out of disk, full disk, running out, low disk = telemetry +0.8, capacity +0.5
memory, ram, heap, heapsize, oom, swap, out of memory = capacity +1.9, security -0.4, minor_change -0.5, feature -0.6,
    other -0.9
cpu, vcpu = capacity +1.3, security -0.8
<size> = capacity +1.2, other -0.5, telemetry -0.6
scale, autoscale, autoscaler, hpa, capacity, sizing, replica = capacity +1.9, other -0.4, security -0.5
cluster, eks, aks, gke = capacity +1.8, support +1.0, minor_change -0.4, feature -0.5, security -0.6, other -0.9
node, nodepool, node pool, pool = capacity +1.4, support +0.5, other -0.5, minor_change -0.6
kubernetes, k8s, kube = capacity +1.6, security -0.4, other -0.9
instance, vm, vms, ec2, machine, rds, aurora, instance type = capacity +2.3, other -0.5, feature -0.7,
    minor_change -0.8
server, hardware, host, fleet = capacity +1.4, telemetry -0.6, other -0.7, minor_change -1.1
worker, celery, concurrency, throughput = capacity +1.3, telemetry +0.5, security -0.4, feature -0.8,
    minor_change -0.8
quota, limit, ulimit, max connection, connections, pool size = capacity +1.0, telemetry -0.5, minor_change -0.5,
    other -0.6
shard, partition, reindex = capacity +1.0, feature -0.5
postgres, postgresql, mysql, mariadb, mongo, mongodb, cassandra, couchdb, redis, elasticsearch, opensearch, kafka,
    rabbitmq, memcached, valkey, solr = capacity +1.5, feature -0.4, minor_change -0.7, other -0.7
database, db = feature +0.4, support +0.4, security -0.6, minor_change -0.8
ubuntu, debian, bionic, focal, jammy, xenial, trusty, centos, alpine, rhel, windows server, os upgrade, kernel =
    capacity +1.1, support +0.7, minor_change -0.5, feature -0.6
end of life, eol, end of support, lts = capacity +0.7
upgrade = capacity +1.6, telemetry -0.5, feature -0.6, minor_change -0.6
production, prod, prd, live = capacity +1.0, support +0.5, feature -0.5, other -0.5, minor_change -0.7
staging, stg, preprod, uat = capacity +0.7
demo, sandbox, perftest = capacity +0.4
load balancer, load, throughput, elb, alb, proxy = capacity +0.6, feature -0.4, minor_change -0.7
slow, performance, latency, speed, faster, optimise, optimize, optimisation, optimization, cache, n+1, index =
    capacity +0.7, support +0.5
cost, spot, cheaper = feature +0.5, capacity +0.5
migrate to, move to, switch to, migration = capacity +0.9, other +0.4, support -0.9
rebuild, reboot, decommission, drain, provision = capacity +1.4, minor_change -0.5
hub, jupyterhub = capacity +0.7, support +0.7, security -0.4
timeout = defect +0.6, support +0.5
terraform, ansible, helm, chart, playbook, puppet, chef = other +0.7, capacity +0.6, minor_change -0.6, feature -0.7
lambda, s3, bucket, cloudfront, cdn = capacity +0.9, telemetry -0.5, minor_change -0.5
dns, domain, nginx, apache, haproxy = telemetry +0.6, minor_change -0.5, other -0.6
# Wrong behaviour
fix = defect +2.0, capacity -1.0
bug, bugfix, defect = defect +1.1, support +0.8, security +0.4, feature -0.5, capacity -0.5, minor_change -0.6
issue, problem = support +0.9, defect +0.6, minor_change -0.5, feature -0.7
error, erreur, fehler, erro = telemetry +1.3, defect +1.0, support +0.9, other -0.7, capacity -0.8, security -0.9,
    feature -1.1
500, 404, 400, 403, 502, 504, nullpointerexception = defect +0.9, support +0.8, feature -0.4, security -0.4,
    other -0.5
exception, stacktrace, traceback = defect +1.1, feature -0.7
crash, segfault, panic, hang, freeze, deadlock = defect +1.5, feature -0.4, minor_change -0.6
broken, break, broke = defect +1.2, feature -0.5
wrong, incorrect, incorrectly, wrongly, inaccurate = defect +1.2, support +0.8, telemetry -0.4, feature -0.9
correctly, properly, gracefully, correct = defect +1.6, capacity -0.5
not working, doesn't work, does not work, do not work, stopped working = defect +0.6, feature -0.5, minor_change -0.6
doesn't, don't, does not, do not, did not, didn't, isn't, is not, are not, was not, not = defect +1.4, support +1.2,
    telemetry -0.5, feature -0.9, capacity -1.2
missing, lost, disappear = defect +1.1, support +0.4, other -0.4, feature -0.9
invalid, malformed, undefined, null, nil, nan, typeerror, keyerror, attributeerror, valueerror = defect +1.3
fail, failure = telemetry +1.2, defect +0.9, support +0.5, security -0.4, capacity -0.7
handle = defect +1.2, feature +0.8, minor_change -0.5
prevent, avoid = defect +0.8, security +0.7, minor_change -0.5, feature -0.6
duplicate, twice, double = support +1.5, defect +0.7, feature -0.4, minor_change -0.5
empty, blank = defect +1.2
race condition, race, infinite loop, memory leak, leak = defect +0.8
regression = defect +0.8, feature -0.6
always, never, sometimes, intermittently, still = defect +0.7, capacity -0.4
hotfix = defect +1.0, support +0.6, minor_change -0.5, feature -0.7
workaround, retry, retries = defect +1.0
cannot, can't, unable, couldn't = support +1.5, defect +1.1, minor_change -0.4, telemetry -0.5, other -0.6
overflow, truncated, cut off, overlap, overlapping, misaligned = defect +0.8
parse, encoding, utf, unicode, escape, timezone = defect +1.4, security +0.5, minor_change -0.4
redirect, url, path = security +0.4, minor_change +0.4, capacity -0.5, telemetry -0.5, support -0.5
regex, typo in, code, logic = other +0.5, capacity -0.4
order, sort = minor_change +0.8, telemetry -0.4
# Safety
security, secure = security +3.2, capacity -0.4, feature -0.5, telemetry -0.5, defect -0.6, minor_change -0.6,
    other -0.7
cve, <cve>, ghsa, vulnerability, vulnerabilities, vuln, vulnerable, exploit = security +3.7, capacity -0.4,
    defect -0.7, other -1.3
xss, csrf, csp, hsts, idor, sqli, injection, ssrf, rce, cors, clickjacking, sanitise, sanitize = security +3.0,
    feature -0.4, support -0.4, minor_change -0.5, defect -0.6
snyk, dependabot, safety, trivy, bandit, zizmor, bundler audit, pip audit, npm audit, scanner = security +2.1,
    minor_change -0.4, defect -0.8
password, passphrase = security +2.1, telemetry -0.5, minor_change -0.6
secret, credential, vault, keyring = security +2.1, other -0.4, capacity -0.7, minor_change -0.7
rotate, rotation = security +1.1
encrypt, encryption, hash, plaintext, plain text = security +1.6, minor_change -0.5, support -0.7
ssl, tls, openssl, certificate, cert, letsencrypt = security +1.7, support +1.1, telemetry -0.7, other -1.0,
    minor_change -1.4
permission, privilege, least privilege, role, rbac, iam, acl = security +2.0, feature +0.6, minor_change -0.4,
    support -0.6
access = support +1.1, security +0.9, defect -0.7, minor_change -0.9
access control, unauthorised, unauthorized, authorization, authorisation = security +1.9, defect -0.5
authentication, authenticate, auth, 2fa, mfa, totp = security +1.2, feature +0.5, capacity -0.5
session, cookie = security +0.9, minor_change +0.4
token, api key, key = security +1.0, capacity -0.6
restrict, whitelist, allowlist, blocklist, blacklist, waf, firewall, security group, ingress = security +2.0,
    minor_change -0.6, other -0.8
rate limit, throttle, lockout, brute force = security +1.4, capacity +0.4, feature -0.6
header, security headers = security +0.8, minor_change +0.7, defect +0.4, support -0.4, capacity -0.5, other -0.5
harden, protect, protection = security +0.8, feature -0.5
leak, exposure, pii, gdpr = security +1.5, other -0.6
policy, policies, rule = security +1.4, minor_change +0.5, defect -0.4
scan, audit = security +0.7, support -0.6
# Watching the system
log, logger, logging = telemetry +3.7, feature -0.6, other -0.6, minor_change -0.9
log level, log message, log error, add logging, logging for, debug log = telemetry +0.9
metric, statsd, prometheus, openmetrics, telemetry, observability, opentelemetry, otel = telemetry +3.2, feature -0.6,
    defect -0.6, other -0.7
sentry, rollbar, bugsnag, raven, honeybadger, glitchtip = telemetry +2.8, feature -0.5, minor_change -0.5,
    defect -0.7, other -0.7
datadog, newrelic, new relic, splunk, grafana, kibana, loki, cloudwatch, appinsights, application insights, elk,
    logstash, filebeat, nagios, munin, zabbix, pingdom, healthchecks, elastalert, pagerduty, opsgenie, honeycomb,
    jaeger, xray, fluentd, graylog, alertmanager, graphite = telemetry +2.9, other -0.4, security -0.6,
    minor_change -0.7
dd, dd-trace, ddtrace = telemetry +0.7
monitor, watch = telemetry +3.0, capacity -0.6, security -0.6, other -0.7
alert, alarm = telemetry +2.6, defect -0.5, capacity -0.6, support -0.6, other -0.6
alert threshold, threshold = telemetry +0.5, other -0.5
tracing, span, trace id, request id, correlation id = telemetry +1.2, support -0.4, feature -0.5
healthcheck, health check, healthz, liveness, readiness, heartbeat, uptime, probe = telemetry +1.8, defect -0.4,
    other -0.6
analytics, google analytics, ga, tracking, event, mixpanel, segment, amplitude, glean, gtag, matomo, piwik =
    telemetry +2.2, other -0.5, support -0.7, minor_change -1.4
statistics, stats, report = telemetry +0.8, capacity -0.6, support -0.6, other -0.7, security -0.9
warning, warnings = other +0.8, minor_change -0.5, defect -0.6
noise, noisy, spam, flood, false positive = telemetry +1.0, minor_change -0.4
exporter, collector = telemetry +1.3, capacity -0.5
query, queries, dashboard, panel = telemetry +1.2, capacity -0.5, support -0.7
debug, debugging = telemetry +0.5, feature -0.4
# Somebody needs help
outage, incident, down, is down, unavailable, degraded, degradation, disruption = support +2.1, security -0.5
certificate expired, expired, expiration = support +1.5, other -0.5, security -0.6
access to, request access, need access, grant access, access request = support +0.5
password reset, reset password, account locked, locked out, unlock = support +0.8
please, kindly, hi, hello, thanks = support +2.9, security -0.5, defect -0.6, feature -1.0
my, i, me, i'm, i've, am = support +2.2, other -0.8
you, your = support +1.0, minor_change +0.7, security +0.6, telemetry -0.5, other -0.9
how to, how do, how can, question = support +0.7, capacity -0.6, security -0.6
help = support +0.9, minor_change +0.8, security -0.4, other -0.4
unable to, can't log, cannot log, can't access, cannot access, not able = support +0.7
not loading, not responding, won't start, doesn't load, not open, slow site = support +0.9
install, installation = support +1.1, telemetry -0.5, minor_change -0.5, capacity -0.6
printer, laptop, vpn, outlook, skype, network, wifi = support +1.2
mailbox, mail, e-mail = support +0.5, telemetry +0.4, other -0.6
website, site, portal = support +1.7, minor_change +0.6, other -0.6
account = support +0.8, feature +0.5, telemetry -0.4, capacity -0.5, security -0.9
post-mortem, postmortem, root cause, rca = support +1.2
data fix, manually, rerun, replay, backfill = support +0.9
production issue, in production, on production = support +1.2, defect -0.6
engineer, team = support +0.6, feature -0.4
# Wording and looks
button = minor_change +1.9, capacity -0.5, security -0.5, other -0.9
link, hyperlink = minor_change +1.3, capacity -0.5, other -0.8
icon, logo, image, favicon = minor_change +1.8, feature -0.5, capacity -0.6
text, wording, copy, phrase, blurb, paragraph, sentence = minor_change +1.4, defect +0.7, capacity -0.6,
    telemetry -0.6, other -0.6, support -0.9
label, title, heading, headings, caption, placeholder = minor_change +1.7, telemetry -0.6
message = minor_change +0.8, other -0.6
error message, message content = minor_change +0.7, support +0.4, defect -0.6
page, homepage, home page, landing page = minor_change +0.9, telemetry +0.5, other -0.5, capacity -0.7
footer, sidebar, navbar, nav, navigation, menu, header bar = minor_change +1.3, telemetry -0.4, capacity -0.5,
    security -0.5, support -0.5
style, css, layout, colour, color, font, padding, margin, align, alignment, width, height, contrast, hover =
    minor_change +1.6, capacity -0.5, security -0.7
default, by default, default value = minor_change +1.6, defect +0.4, telemetry -0.7, support -0.7, other -0.8
tooltip, help text, hint, description, faq, banner, announcement = minor_change +2.0, security -0.4, capacity -0.5,
    support -0.5
maintenance message, maintenance = minor_change +0.9, capacity -0.4
spelling, misspelled, grammar, grammatical, typo = minor_change +1.4, other +0.8, defect -0.8
improve, improvement, enhance, enhancement = minor_change +1.2, support -0.4, defect -0.6
tweak, adjust, small, minor, tiny, slightly = minor_change +0.6, telemetry +0.4, security -0.6
show, display, hide, hidden, visible = defect +1.1, minor_change +1.1, feature +1.0, support -0.5, capacity -0.6,
    telemetry -0.8, other -1.0
ui, ux, usability, user friendly, look and feel, design = minor_change +1.6, feature +0.6, support -0.5
accessibility, a11y, aria, screen reader, wcag = minor_change +1.1, defect -0.6
dropdown, select, tab, modal, dialog, card, list, row, table = minor_change +0.7, feature +0.5, other -0.6,
    telemetry -0.7, capacity -0.8
better, nicer, clearer, clarify, clearly, easier, more clear = minor_change +1.4, telemetry +0.8, other +0.5,
    capacity -0.4, defect -0.5, security -0.6, feature -0.7
feedback, suggestion, review comments = minor_change +1.1, feature +0.6, other -0.5
rename, name = minor_change +1.0, security -0.5, capacity -0.6
instead of, instead = minor_change +0.5, security -0.6
sponsor, partner, donate = minor_change +0.7, other -0.5
confirm, confirmation = minor_change +0.8
screen = minor_change +1.1, other -0.7
# Chores
test = other +2.4, minor_change -0.5, support -0.6, defect -0.8
unit test, integration test, functional test, e2e, cypress, selenium, playwright, jest, pytest, rspec, spec, fixture,
    mock, testcase, coverage, codecov = other +2.0, minor_change -0.7, defect -0.9
flaky, flake = other +1.1
add test, tests for = other +0.7, defect +0.4
ci, travis, circleci, jenkins, jenkinsfile, github action, gha, workflow, pipeline, azure pipelines, build =
    other +1.4, feature -0.4, defect -0.5, minor_change -1.0
docs, documentation, document, readme, readme.md, changelog, contributing, wiki, guide, tutorial, docstring,
    docstrings, comment out, adr, instruction, roadmap = other +2.2, defect -0.5, capacity -0.6, telemetry -0.6
license, copyright, codeowners, gitignore, maintainers, authors = other +1.1
<version> = other +1.0, capacity +0.8, security +0.8, support -0.6, telemetry -0.7, feature -0.8, minor_change -1.2
bump = other +1.0, capacity +0.5, minor_change -0.5
release, changelog, v1, tag = other +0.6, security -1.0
dependency, dependencies, deps, requirements, lockfile, package, gem, npm, yarn, pip, pip-tools, pipenv, poetry,
    renovate, updatecli, pyup = other +1.1, security +0.8, feature +0.5, capacity -0.4, support -0.5, telemetry -0.9
lint, linter, eslint, rubocop, flake8, black, prettier, isort, mypy, pylint, ktlint, checkstyle, sonar, pre-commit,
    precommit, type hints, typescript = other +1.0, support -0.4, security -0.6
refactor, restructure, rewrite = other +1.4
clean, cleanup, clean up, tidy = other +1.1, capacity +0.5, support -0.6, feature -0.8
unused, unnecessary, redundant, obsolete, dead, legacy, deprecated, deprecation, stale, outdated, old = other +1.1,
    telemetry -0.4
move, extract, split into = capacity +1.0, other +0.9, security -0.5, defect -0.6
convert, migrate = capacity +0.8, other +0.8, minor_change -0.4
rename = other +0.6
simplify, consolidate = other +0.6
docker, dockerfile, docker-compose, compose, container, image = other +0.8, capacity +0.4, minor_change -1.1
dev, development, local, developer, vagrant, devcontainer, staging, environment = other +0.7, capacity +0.5,
    security -0.5, support -0.6
script, makefile, tooling, setup = other +0.6, minor_change -0.4
branch, master, main, merge, backport, develop, pull request, pr, prs = other +0.6, defect -0.5, minor_change -0.7
helper, util, class, module, method, function = other +0.6, defect +0.5, capacity -0.7, telemetry -0.8
config, configuration, env, variable, environment variable = defect +0.7, feature +0.5, minor_change -0.5,
    support -0.6
template, manifest, yaml, yml = feature +0.8, other +0.4, telemetry -0.4
deploy, deployment = other +0.5, minor_change -0.7, security -0.8
example, sample, seed = other +0.7, security -0.5, support -0.5
rails, django, react, angular, vue, bootstrap, spring = other +0.6, security +0.4, minor_change -0.5
upstream, fork, vendor, submodule = other +0.7
experiment, spike, research, investigate, investigation, explore, evaluate = other +0.7, support +0.5, telemetry +0.4,
    defect -0.4
unify, common, shared = other +0.4, capacity -0.5, telemetry -0.5
update = other +0.6, support -0.6
job, cron, scheduled, scheduler = telemetry +1.3, security -0.4
queue, background, async = capacity +0.6, telemetry +0.6, security -0.5, minor_change -0.6
<question> = support +2.4, other -0.4, feature -0.6, defect -0.6
<short> = other +0.5, feature -0.5, defect -0.7
<date> = minor_change +0.8, capacity +0.7, feature -0.5, other -0.7
<path> = other +0.9, telemetry -0.5
"""

LABEL_RULES: Final = """
bug, defect, regression, crash, broken = defect +1.6, support +0.4, capacity -0.4, feature -1.0
enhancement, improvement, improve = minor_change +1.0, feature +0.7, other -0.6, defect -0.9, support -1.1
feature, newfeature, story = feature +1.3, minor_change +0.2, support -1.2
security, vulnerability, hardening, cve = security +1.8, support -0.5
monitoring, observability, logging, alerting, metrics, telemetry, analytics = telemetry +1.2
question, support, help, helpdesk, customer, incident, outage, post-mortem = support +2.0, defect -0.6, feature -0.9
infrastructure, infra, capacity, scaling, database, performance, storage = capacity +0.6
documentation, docs, test, ci, refactor, chore, tech debt, technical debt, cleanup, dependencies =
    other +1.0, defect -0.6
ui, ux, usability, copy, content, design, css, text, accessibility, a11y = minor_change +0.5, capacity -0.5
epic, roadmap = feature +0.6, other -0.5
"""

TYPE_RULES: Final = """
pull request, merge request = other +0.3, minor_change +0.3, capacity +0.2, telemetry +0.2, support -2.6
issue = support +0.8, security +0.4, other -0.7
task, sub-task, subtask = feature +0.7, defect -0.5, support -1.0
bug, defect = defect +1.6, feature -0.6, capacity -0.5, telemetry -0.4
story, feature, new feature, user story, epic, initiative, requirement = feature +2.0, other -0.4, defect -0.5
improvement, enhancement = feature +0.8, minor_change +0.5, defect -0.8, support -0.5
change request, change = minor_change +0.8
incident, status-incident, support, support request, service request, problem, ticket, question, help =
    support +2.8, other -0.6, feature -1.0, defect -1.0
vulnerability, security = security +2.5
chore, documentation, test, technical task, spike, decision, tech debt, technical debt, maintenance = other +1.5
"""

PRIOR: Final = """
= other +0.7, feature +0.6, minor_change +0.2, defect +0.2, support -0.1, capacity -0.6, security -0.6, telemetry -0.8
"""
"""How common each class is when nothing speaks for any."""
